"""Gas in the gaps of vertical anodes: it rises, displaces electrolyte, and so lowers its conductivity."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.constants import FARADAY, GAS_CONSTANT
from oxycell.errors import CaseError
from oxycell.kernel import inner_kernel, kernel
from oxycell.mesh.mesh import Mesh
from oxycell.options import Options, Quantity, non_negative, option, positive
from oxycell.physics.electrode.drops import overpotential
from oxycell.physics.electrode.roots import find_root

BRUGGEMAN = 1.5
"""Exponent of the liquid share in the conductivity of a bubbly melt, Bruggeman (1935), Ann. Phys. 416, 636."""


def conductivity_ratio(gas_fraction: Floats) -> Floats:
    """Conductivity of a bubbly melt over that of the melt, (1 − ε)^1.5; from the gas fraction (n,)."""
    return (1.0 - gas_fraction) ** BRUGGEMAN


_LEAST_CURRENT = 1.0  # [A/m²] above which all current evolves gas; below, the gas evolved falls smoothly to none at 0


class Gas(Options):
    """Gas of vertical anode faces, by drift flux: share ε = U/(U + u_s), conductivity κ (1 − ε)^1.5; needs a box
    mesh.

    U is the gas evolved below, over the width of the gap; u_s the velocity of bubbles in the melt. Downward faces
    make none.
    """

    electrolyte: str = option("region or pattern in which the gas rises")
    anodes: tuple[str, ...] = option("regions or patterns whose vertical faces evolve gas", min_length=1)
    cathodes: tuple[str, ...] = option("regions or patterns that close a gap; its width is found from the mesh")
    electrons: float = option("electrons for each molecule of gas: 4 for O2 and CO2", 4.0, gt=0.0)
    slip_velocity: Quantity["m/s"] = positive("velocity u_s of bubbles against the melt [E]", 0.25)
    open_width: Quantity["m"] = non_negative(
        "width of the gas layer at faces with no cathode opposite, at most half the distance to another anode; 0: "
        "neglect it there",
        0.025,
    )


@dataclass(frozen=True)
class GasColumns:
    """Vertical anode faces in columns, from the lowest up, with the cells across the gap in front of each.

    Attributes
    ----------
    face : (s,) int, position among the faces of the electric domain
    side : (s,) int, side of the face the electrolyte is on: 0 owner, 1 neighbour
    below : (s,) int, the station right below, −1 at the foot of a column
    width, height : (s,) [m], of the gap and of the face
    closed : (s,) bool, there is a cathode opposite
    slip : (s,) [m/s]; per_charge : (s,) [m³/C/K], volume of gas for each coulomb and kelvin
    cell : (s,) int, electrolyte cell at the face, whose temperature the gas has
    station, across : (k,) int, the cells in front of each station
    """

    face: np.ndarray
    side: np.ndarray
    below: np.ndarray
    width: np.ndarray
    height: np.ndarray
    closed: np.ndarray
    slip: np.ndarray
    per_charge: np.ndarray
    cell: np.ndarray
    station: np.ndarray
    across: np.ndarray

    def fraction(self, electric: Any, phi: Floats, conduction: Any, rise: Floats | None = None) -> Floats:
        """Gas fraction of every mesh cell (n_cells,).

        Parameters
        ----------
        electric : Electric
        phi : (n_rows,) [V]
        conduction : Conduction, without gas
        rise : (m, 2) [V] or None, see LinearFlux
        """
        c, laws, half = conduction, conduction.laws, electric.half_cells(self.face, conduction.conductivity)
        place = np.searchsorted(laws.face, self.face)
        place = (
            np.where(laws.face[np.minimum(place, laws.face.size - 1)] == self.face, place, -1)
            if laws.face.size
            else place - 1
        )
        other, bath = np.where(self.side == 1, half.T, half.T[::-1])
        outwards = np.where(self.side == 1, 1.0, -1.0)  # +1 where the anode is the owner
        voltage = phi[electric.a[self.face]] - phi[electric.b[self.face]]
        voltage = (voltage if rise is None else voltage + rise[self.face].sum(1)) * outwards
        share = c.area(self.face) / electric.mesh.area[electric.face[self.face]]
        stations = Stations(
            voltage,
            other,
            bath,
            place,
            outwards * np.where(place >= 0, laws.sign[place], 1.0),
            self.below,
            self.per_charge * c.temperature[self.cell] * self.height * share,
            self.width * self.slip,
        )
        found = rising_gas(stations, laws)
        fraction = np.zeros(c.temperature.size)
        fraction[self.across] = found[self.station]
        return fraction


def find_columns(mesh: Mesh, specs: Sequence[Gas], electric_face: Ints, pressure: float) -> GasColumns:
    """The columns of all `Gas` options.

    Parameters
    ----------
    mesh : Mesh
    specs : sequence of Gas
    electric_face : (m,) int, mesh faces of the electric domain
    pressure : [Pa], of the gas

    Returns
    -------
    GasColumns

    Raises
    ------
    CaseError
        The mesh has no lattice, names do not exist, no face evolves gas, or two gaps share a cell.
    """
    if mesh.lattice is None:
        raise CaseError("gas: gaps are found on a lattice; allowed: a box mesh")
    parts, pairs, count = [], [], 0
    for number, spec in enumerate(specs):
        face, side, cell, axis, step = _upright_faces(mesh, spec, electric_face)
        if not face.size:
            raise CaseError(
                f"gas.{number}: no vertical face between its anodes and {spec.electrolyte!r} carries current; "
                "allowed: anodes adjacent to the electrolyte"
            )
        width, closed, station, across = _gaps(mesh, spec, cell, axis, step)
        slip, per_charge = np.full(face.size, spec.slip_velocity), GAS_CONSTANT / (spec.electrons * FARADAY * pressure)
        parts.append(
            (
                face,
                side,
                cell,
                axis,
                step,
                np.full(face.size, number),
                width,
                closed,
                slip,
                np.full(face.size, per_charge),
            )
        )
        pairs.append((station + count, across))
        count += face.size
    face, side, cell, axis, step, numbers, width, closed, slip, charges = map(np.concatenate, zip(*parts, strict=True))
    station, across = map(np.concatenate, zip(*pairs, strict=True))
    i, j, k = mesh.lattice.ijk[cell].T
    order = np.lexsort((k, j, i, step, axis, numbers))
    order = order[width[order] > 0.0]
    column = np.stack([numbers, axis, step, i, j, k], 1)[order]
    follows = np.r_[False, np.all(np.diff(column, axis=0) == np.array([0, 0, 0, 0, 0, 1]), 1)]
    place = np.full(count, -1, np.int64)
    place[order] = np.arange(order.size)
    station = place[station]
    crossed = np.flatnonzero(np.bincount(across, minlength=mesh.n_cells) > 1)
    if crossed.size:
        x, y, z = mesh.cell_centre[crossed[0]]
        raise CaseError(
            f"gas: two gaps share {crossed.size} cells, one at ({x:.4g}, {y:.4g}, {z:.4g}) m; "
            "allowed: a smaller open_width, or each anode in one [[gas]]"
        )
    return GasColumns(
        face[order],
        side[order],
        np.where(follows, np.arange(order.size) - 1, -1),
        width[order],
        mesh.lattice.widths[2][k[order]],
        closed[order],
        slip[order],
        charges[order],
        cell[order],
        station,
        across,
    )


def _upright_faces(mesh, spec, electric_face):
    """Faces between anodes and electrolyte (n,): positions, the electrolyte's side, its cell, axis and sign of the way
    into it."""
    melt, anode = mesh.cells(spec.electrolyte), mesh.cells(*spec.anodes)
    mesh.cells(*spec.cathodes)
    owner, neighbour = mesh.owner[electric_face], mesh.neighbour[electric_face]
    upright = (neighbour >= 0) & (np.abs(mesh.normal[electric_face, 2]) < 0.5)
    into = upright & anode[owner] & melt[neighbour]
    back = upright & melt[owner] & anode[neighbour]
    face = np.flatnonzero(into | back)
    side = into[face].astype(np.int64)
    normal = mesh.normal[electric_face[face]] * np.where(side == 1, 1.0, -1.0)[:, None]
    axis = np.argmax(np.abs(normal), 1)
    step = np.sign(normal[np.arange(face.size), axis]).astype(np.int64)
    return face, side, np.where(side == 1, neighbour[face], owner[face]), axis, step


def _gaps(mesh, spec, cell, axis, step):
    """What lies in front of faces: width of the gap (n,), whether a cathode closes it (n,), and its cells as (face,
    cell) pairs."""
    melt, anode, cathode = mesh.cells(spec.electrolyte), mesh.cells(*spec.anodes), mesh.cells(*spec.cathodes)
    grid = np.full(mesh.lattice.shape, -1, np.int64)
    grid[tuple(mesh.lattice.ijk.T)] = np.arange(mesh.n_cells)
    at, deep, end = mesh.lattice.ijk[cell].copy(), np.zeros(cell.size), np.full(cell.size, -1, np.int64)
    going, found = np.arange(cell.size), []
    while going.size:
        here = grid[tuple(at[going].T)]
        wide = np.choose(axis[going], [mesh.lattice.widths[one][at[going, one]] for one in range(3)])
        found.append(
            (going, here, np.where(deep[going] > 0.0, deep[going] + 0.5 * wide, 0.0))
        )  # the cell at the face always counts
        deep[going] += wide
        at[going, axis[going]] += step[going]
        going = going[np.all((at[going] >= 0) & (at[going] < mesh.lattice.shape), 1)]
        beyond = grid[tuple(at[going].T)]
        end[going] = beyond
        going = going[(beyond >= 0) & melt[beyond]]
        end[going] = -1
    closed = (end >= 0) & cathode[end]
    shared = (end >= 0) & anode[end]
    width = np.where(closed, deep, np.minimum(spec.open_width, np.where(shared, 0.5 * deep, deep)))
    face, across, centre = map(np.concatenate, zip(*found, strict=True))
    filled = centre < width[face]
    return width, closed, face[filled], across[filled]


class Stations(NamedTuple):
    """Vertical anode faces at given potentials, as `rising_gas` takes them: s stations.

    Attributes
    ----------
    voltage : (s,) [V], from the anode's to the electrolyte's cell
    other, bath : (s,) [ohm m²], half cells of the anode, and of the electrolyte without gas
    place : (s,) int, which of the faces with laws, −1 without; sense : (s,), +1 where the laws' first side is the
        anode, else −1
    below : (s,) int, station right below, −1 at the foot
    volume : (s,) [m⁴/(A s)], gas per metre of depth evolved by a current density of 1 A/m²
    capacity : (s,) [m²/s], width times slip velocity
    """

    voltage: np.ndarray
    other: np.ndarray
    bath: np.ndarray
    place: np.ndarray
    sense: np.ndarray
    below: np.ndarray
    volume: np.ndarray
    capacity: np.ndarray


class _Station(NamedTuple):
    """Numbers of one station: its voltage less that at equilibrium, what is in series with the electrolyte `bath`, the
    gas from below, and which drops its laws have, at their temperature; the rest as in Stations."""

    voltage: float
    resistance: float
    bath: float
    sense: float
    risen: float
    volume: float
    capacity: float
    temperature: float
    begin: int
    end: int


@kernel
def rising_gas(stations, laws):
    """Gas fraction in front of every station, from the foot of each column up, at given potentials.

    Parameters
    ----------
    stations : Stations
    laws : LawsAt

    Returns
    -------
    (s,), ε = U/(U + u_s), U at mid height of the station: all gas of the stations below and half of its own, over the
    width

    Notes
    -----
    With v = U/u_s the half cell of the electrolyte is r (1 + v)^1.5, and v increases with the station's own current J:
    J solves voltage = (R + r (1 + v(J))^1.5) J + E + η(J), η the sum of all laws, whose right-hand side increases
    strictly: `find_root`, to round-off. Stations below do not feel those above, so one pass is exact.
    """
    voltages, others, baths, place, senses, below, volumes, capacities = stations
    _, _, temperature, resistance, rest, first, branch, parameters = laws
    flow, fraction = np.zeros(place.size), np.empty(place.size)
    for s in range(place.size):
        voltage, series, bath, sense, volume = voltages[s], others[s], baths[s], senses[s], volumes[s]
        risen = flow[below[s]] if below[s] >= 0 else 0.0
        T, begin, end, k = 0.0, 0, 0, place[s]
        if k >= 0:
            voltage, series = voltage - sense * rest[k], series + resistance[k]
            T, begin, end = temperature[k], first[k], first[k + 1]
        most = voltage / (series + bath)
        station = _Station(voltage, series, bath, sense, risen, volume, capacities[s], T, begin, end)
        J, _, _ = find_root(_excess, station, branch, parameters, 0.0, min(0.0, most), max(0.0, most), 4e-16)
        made, _ = gas_making(J)
        flow[s] = risen + volume * made
        v = (risen + 0.5 * volume * made) / capacities[s]
        fraction[s] = v / (1.0 + v)
    return fraction


@inner_kernel
def _excess(J, station, branch, parameters):
    voltage, resistance, bath, sense, risen, volume, capacity, T, begin, end = station
    made, made_slope = gas_making(J)
    v = (risen + 0.5 * volume * made) / capacity
    thinned = (1.0 + v) ** BRUGGEMAN
    steeper = BRUGGEMAN * thinned / (1.0 + v) * 0.5 * volume * made_slope / capacity
    eta, slope = overpotential(sense * J, T, begin, end, branch, parameters)
    excess = (resistance + bath * thinned) * J - voltage + sense * eta
    return excess, resistance + bath * (thinned + steeper * J) + slope


@kernel
def gas_making(J):
    """Share of a current density J that evolves gas [A/m²] and its slope: J from 1 A/m² on, 0 below 0, smooth
    between."""
    t = J / _LEAST_CURRENT
    if t >= 1.0:
        return J, 1.0
    if t <= 0.0:
        return 0.0, 0.0
    return _LEAST_CURRENT * t * t * (2.0 - t), t * (4.0 - 3.0 * t)
