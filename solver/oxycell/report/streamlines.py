"""Streamlines of a flux through the cells of a plane section, traced from face to face."""

import numpy as np

LOWEST = 1e-4  # of the largest flux density: lines end where it is less
_STEPS = 4  # faces a line may cross, as a multiple of the cells along both axes


def streamlines(plane, ends, separation, window):
    """Evenly spaced lines along a flux density in a plane, down the flux.

    Parameters
    ----------
    plane : Plane
    ends : (4, n_b, n_a) [A/m²], components normal to the faces, along +a at both ends of a, along +b at both ends of b;
        NaN on faces without flux; more rows are left alone
    separation : [m], distance lines keep from each other
    window : (a low, a high, b low, b high) [m]

    Returns
    -------
    list of (n, 2) arrays [m], the longest first
    """
    ends = np.nan_to_num(ends[:4])
    size = np.maximum(np.abs(ends[:2]).max(0), np.abs(ends[2:]).max(0))
    carries = size > LOWEST * size.max(initial=0.0)
    a = np.arange(window[0] + 0.5 * separation, window[1], 1.4 * separation)
    b = np.arange(window[2] + 0.5 * separation, window[3], 1.4 * separation)
    seeds = np.stack([np.tile(a, b.size), np.repeat(b, a.size)], 1)
    with np.errstate(all="ignore"):
        down, up = (_trace(plane, direction * ends, carries, seeds) for direction in (1.0, -1.0))
    lines = [np.concatenate([u[:0:-1], d]) for u, d in zip(up, down, strict=True)]
    return _spaced([line for line in lines if len(line) > 2], separation, window)


def _trace(plane, ends, carries, seeds):
    """Paths from seeds (n, 2) down a flux, one point where each leaves a cell.

    Notes
    -----
    In a cell each component is linear between the two faces it is normal to, which keeps the balance of the cell; paths
    are then known in closed form. Pollock (1988), Ground Water 26, 743.
    """
    edges = (plane.a, plane.b)
    shape = np.array([plane.a.size - 1, plane.b.size - 1])
    cell = np.stack([np.searchsorted(edges[i], seeds[:, i], side="right") - 1 for i in (0, 1)], 1)
    inside = ((cell >= 0) & (cell < shape)).all(1)
    cell = np.where(inside[:, None], cell, 0)
    x = np.stack([(seeds[:, i] - edges[i][cell[:, i]]) / np.diff(edges[i])[cell[:, i]] for i in (0, 1)], 1)
    alive = np.flatnonzero(inside & carries[cell[:, 1], cell[:, 0]])
    cell, x = cell[alive], x[alive]
    track, who = [seeds.copy()], [np.arange(len(seeds))]
    for _ in range(_STEPS * int(shape.sum())):
        if not alive.size:
            break
        wait, speed, low, gain = [], [], [], []
        for i in (0, 1):
            v0, v1 = ends[2 * i, cell[:, 1], cell[:, 0]], ends[2 * i + 1, cell[:, 1], cell[:, 0]]
            width = np.diff(edges[i])[cell[:, i]]
            v, slope = v0 + (v1 - v0) * x[:, i], (v1 - v0) / width
            out, gone = np.where(v > 0, v1, v0), np.where(v > 0, 1.0 - x[:, i], -x[:, i])
            even = np.abs(v1 - v0) <= 1e-9 * (np.abs(v1) + np.abs(v0))
            t = np.where(even, gone * width / v, np.log(out / v) / np.where(even, 1.0, slope))
            wait.append(np.where(v * out > 0, t, np.inf))
            speed.append(v)
            low.append(v0)
            gain.append(np.where(even, 0.0, slope))
        leave = np.where(wait[0] <= wait[1], 0, 1)
        t = np.minimum(*wait)
        going = np.isfinite(t)
        for i in (0, 1):
            width = np.diff(edges[i])[cell[:, i]]
            drift = np.where(
                gain[i] == 0.0, speed[i] * t, np.expm1(gain[i] * t) / np.where(gain[i] == 0.0, 1.0, gain[i]) * speed[i]
            )
            x[:, i] = np.where(leave == i, (speed[i] > 0) * 1.0, np.clip(x[:, i] + drift / width, 0.0, 1.0))
        alive, cell, x, leave = alive[going], cell[going], x[going], leave[going]
        track.append(np.stack([edges[i][cell[:, i]] + x[:, i] * np.diff(edges[i])[cell[:, i]] for i in (0, 1)], 1))
        who.append(alive)
        rows = np.arange(alive.size)
        step = np.where(x[rows, leave] > 0.5, 1, -1)
        cell[rows, leave] += step
        x[rows, leave] = np.where(step > 0, 0.0, 1.0)
        stay = ((cell >= 0) & (cell < shape)).all(1)
        stay[stay] = carries[cell[stay, 1], cell[stay, 0]]
        alive, cell, x = alive[stay], cell[stay], x[stay]
    points, who = np.concatenate(track), np.concatenate(who)
    order = np.argsort(who, kind="stable")
    return np.split(points[order], np.cumsum(np.bincount(who, minlength=len(seeds)))[:-1])


def _spaced(lines, separation, window):
    """The longest lines first, each cut to its longest stretch through places (squares of the separation) nobody has
    passed."""
    origin = np.array([window[0], window[2]])
    shape = (np.ceil((np.array([window[1], window[3]]) - origin) / separation)).astype(int) + 1
    taken, kept, fine = np.zeros(shape, bool), [], []
    for line in lines:
        inside = (line >= origin).all(1) & (line <= origin + separation * (shape - 1)).all(1)
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        if length[-1] < 1.5 * separation or not inside.any():
            continue
        at = np.linspace(0.0, length[-1], max(3, int(4.0 * length[-1] / separation)))
        fine.append(np.stack([np.interp(at, length, line[:, i]) for i in (0, 1)], 1))
    for line in sorted(fine, key=len, reverse=True):
        square = ((line - origin) / separation).astype(int)
        free = ((line >= origin) & (square >= 0) & (square < shape)).all(1)
        free[free] = ~taken[square[free, 0], square[free, 1]]
        change = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
        if not change.size:
            continue
        first, last = change.reshape(-1, 2)[np.argmax(np.diff(change.reshape(-1, 2), axis=1))]
        if last - first < 16:  # four separations
            continue
        taken[square[first:last, 0], square[first:last, 1]] = True
        kept.append(line[first:last])
    return kept
