"""Rows of a conductance network gathered into aggregates, and the network of the aggregates."""

import numpy as np

from oxycell.kernel import kernel


@kernel
def sparse_rows(n, a, b):
    """Neighbours of every row, in face order; a face that joins a row to itself is left out.

    Parameters
    ----------
    n : int; a, b : (m,) int, rows each face joins

    Returns
    -------
    start : (n + 1,) int; neighbour, face : (2 m at most,) int32
    """
    start = np.zeros(n + 1, np.int64)
    for f in range(a.size):
        if a[f] != b[f]:
            start[a[f] + 1] += 1
            start[b[f] + 1] += 1
    for i in range(n):
        start[i + 1] += start[i]
    at = start[:-1].copy()
    neighbour, face = np.empty(start[n], np.int32), np.empty(start[n], np.int32)
    for f in range(a.size):
        i, j = a[f], b[f]
        if i != j:
            neighbour[at[i]], face[at[i]] = j, f
            neighbour[at[j]], face[at[j]] = i, f
            at[i] += 1
            at[j] += 1
    return start, neighbour, face


@kernel
def entry_weights(face, conductance, scale):
    """Conductance of every entry of the rows, scaled, in single precision."""
    weight = np.empty(face.size, np.float32)
    for p in range(face.size):
        weight[p] = scale * conductance[face[p]]
    return weight


@kernel
def aggregate(start, neighbour, weight, first_hub, most, least, largest, strong):
    """Gather rows that hang together into aggregates.

    From the first free row on, the aggregate takes the neighbour that gives it the largest share of its conductance, as
    long as one is free that is tied strongly. Who is left over joins the aggregate it is tied to most, if strongly.
    Hubs stay alone.

    Parameters
    ----------
    start, neighbour : rows; weight : conductance of every entry
    first_hub : int, rows from here on are hubs
    most, least, largest : int, rows in an aggregate: more are not taken, fewer are left over, no others join the
        largest
    strong : share of a row's strongest conductance that ties it strongly

    Returns
    -------
    part : (n,) int32, aggregate of every row; those of hubs are the last, in order
    n : int, number of aggregates
    """
    n = start.size - 1
    part, place = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    size = np.zeros(n, np.int32)
    strongest, total, widest = np.zeros(first_hub, np.float32), np.zeros(first_hub, np.float32), 1
    for i in range(first_hub):
        for p in range(start[i], start[i + 1]):
            total[i] += weight[p]
            if neighbour[p] < first_hub:
                strongest[i] = max(strongest[i], weight[p])
        widest = max(widest, start[i + 1] - start[i])
    near, tie = np.empty(most * widest, np.int32), np.empty(most * widest, np.float32)
    member = np.empty(most, np.int32)
    found, lone = 0, -1
    for visit in range(2 * first_hub):
        seed, last = visit % first_hub, visit >= first_hub
        if part[seed] >= 0:
            continue
        if last:
            home, best = -1, np.float32(0.0)
            for p in range(start[seed], start[seed + 1]):
                other = part[neighbour[p]]
                if other >= 0 and size[other] < largest and weight[p] > best and weight[p] >= strong * strongest[seed]:
                    home, best = other, weight[p]
            if home < 0 and strongest[seed] == 0.0:  # nothing but a hub ties it: all such rows go together
                home, lone = lone, found if lone < 0 else lone
            if home >= 0:
                part[seed] = home
                size[home] += 1
                continue
        i, taken, seen = seed, 0, 0
        while i >= 0:
            part[i], member[taken] = found, i
            taken += 1
            for p in range(start[i], start[i + 1]):
                j = neighbour[p]
                if j < first_hub and part[j] < 0 and weight[p] > 0.0:
                    if place[j] < 0:
                        place[j], near[seen], tie[seen] = seen, j, np.float32(0.0)
                        seen += 1
                    tie[place[j]] += weight[p]
            i, best = -1, np.float32(0.0)
            if taken < most:
                for k in range(seen):
                    j = near[k]
                    if part[j] < 0 and tie[k] >= strong * strongest[j] and tie[k] > best * total[j]:
                        i, best = j, tie[k] / total[j]
        for k in range(seen):
            place[near[k]] = -1
        if taken < least and not last:  # free for others
            for k in range(taken):
                part[member[k]] = -1
            continue
        size[found] = taken
        found += 1
    for i in range(first_hub, n):
        part[i] = found
        found += 1
    return part, found


@kernel
def members(part, n):
    """Rows of each aggregate: start (n + 1,) int32 and the rows in order (part.size,) int32."""
    start = np.zeros(n + 1, np.int32)
    for i in range(part.size):
        start[part[i] + 1] += 1
    for c in range(n):
        start[c + 1] += start[c]
    at, row = start[:-1].copy(), np.empty(part.size, np.int32)
    for i in range(part.size):
        row[at[part[i]]] = i
        at[part[i]] += 1
    return start, row


@kernel
def join(start, neighbour, weight, part, n):
    """Network of the aggregates: conductances between two of them summed (Galerkin, piecewise constant).

    Returns
    -------
    start : (n + 1,) int; neighbour : int32; weight : float32
    """
    first, row = members(part, n)
    coarse_start = np.zeros(n + 1, np.int64)
    coarse_neighbour, coarse_weight = np.empty(neighbour.size, np.int32), np.empty(neighbour.size, np.float32)
    slot, filled = np.full(n, -1, np.int64), 0
    for c in range(n):
        begin = filled
        for k in range(first[c], first[c + 1]):
            for p in range(start[row[k]], start[row[k] + 1]):
                d = part[neighbour[p]]
                if d == c:
                    continue
                if slot[d] < begin:
                    slot[d] = filled
                    coarse_neighbour[filled], coarse_weight[filled] = d, 0.0
                    filled += 1
                coarse_weight[slot[d]] += weight[p]
        coarse_start[c + 1] = filled
    return coarse_start, coarse_neighbour[:filled].copy(), coarse_weight[:filled].copy()
