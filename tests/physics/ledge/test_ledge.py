"""The frozen ledge: flux and slopes, thickness in series with a wall, a front in two dimensions, corners, and how it
vanishes."""

import copy
import dataclasses

import numpy as np
import pytest
from scipy.integrate import quad
from tests.verification.checkers import (
    boundary_heat,
    box,
    check_ledger,
    check_slope,
    convection,
    fixed,
    material,
    solved,
    surface,
    terminal_potential,
)

import oxycell
import oxycell.physics.ledge.ledge
from oxycell.errors import CaseError, NotConverged
from oxycell.material import Constant
from oxycell.mesh.build import build_mesh
from oxycell.mesh.options import Box, MeshOptions
from oxycell.physics.ledge.columns import columns
from oxycell.physics.ledge.floor import Touched
from oxycell.physics.ledge.front import freeze
from oxycell.physics.ledge.ledge import LedgeColumns, Links, wall_flux
from oxycell.verification.fronts import LIQUIDUS, harmonic


@pytest.mark.parametrize("pool", [1100.0, 1150.5, 1160.0, 1300.0])
@pytest.mark.parametrize("wall", [400.0, 1000.0, 1140.0, 1155.0])
@pytest.mark.parametrize("film", [1 / 600.0, 1 / 50.0])
def test_slopes_of_the_flux(film, wall, pool):
    def to_pool(T):
        flux, frozen = wall_flux(T, wall, LIQUIDUS, film, 0.01)
        return flux, frozen / film + (1.0 - frozen) / (film + 0.01)

    def to_wall(T):
        flux, frozen = wall_flux(pool, T, LIQUIDUS, film, 0.01)
        return flux, -(1.0 - frozen) / (film + 0.01)

    for law, x in ((to_pool, pool), (to_wall, wall)):
        check_slope(law, x, (4e-4, 2e-4, 1e-4), noise=1e-12)


def test_slopes_where_both_branches_meet():
    """In the blend, 1 W/m² wide, the remainder still falls with the square; a slope of one branch alone does not do."""
    film, behind = 1 / 600.0, 0.01
    wall = LIQUIDUS - 5.0 * behind / film  # both branches give 3 kW/m² at a superheat of 5 K

    def law(share):
        def at(T):
            flux, frozen = wall_flux(T, wall, LIQUIDUS, film, behind)
            frozen = frozen if share is None else share
            return flux, frozen / film + (1.0 - frozen) / (film + behind)

        return at

    assert 0.4 < wall_flux(LIQUIDUS + 5.0, wall, LIQUIDUS, film, behind)[1] < 0.6
    check_slope(law(None), LIQUIDUS + 5.0, (4e-4, 2e-4, 1e-4), noise=1e-11)
    for wrong in (0.0, 1.0):
        with pytest.raises(AssertionError):
            check_slope(law(wrong), LIQUIDUS + 5.0, (4e-4, 2e-4, 1e-4), noise=1e-11)


def test_flux_is_the_smaller_branch_and_monotone():
    pool = np.linspace(1100.0, 1300.0, 2001)
    for wall in (300.0, 1000.0, 1149.0, 1200.0):
        flux = np.array([wall_flux(T, wall, LIQUIDUS, 1 / 600.0, 0.01)[0] for T in pool])
        both = np.minimum((pool - LIQUIDUS) * 600.0, (pool - wall) / (1 / 600.0 + 0.01))
        assert np.all(np.diff(flux) > 0.0) and np.all(flux <= both) and np.all(flux >= both - 0.51)


def test_last_of_a_ledge_melts():
    """A ledge that melts gets the heat of the film at its front until it is gone, however cold its wall is; without
    heat of melting that wall would be bare already, and with little of it no more than that passes a bare wall."""
    pool, wall, film, behind = LIQUIDUS + 33.0, LIQUIDUS - 84.0, 1 / 600.0, 0.005
    at_front, bare = 600.0 * 33.0, 117.0 / (film + behind)
    assert bare < at_front - 100.0
    for melting in (at_front - bare + 50.0, 4.0 * at_front):
        flux, frozen = wall_flux(pool, wall, LIQUIDUS, film, behind, melting)
        assert flux == pytest.approx(at_front, abs=0.01) and frozen == pytest.approx(1.0, abs=1e-4)
    flux, frozen = wall_flux(pool, wall, LIQUIDUS, film, behind, 500.0)
    assert flux == pytest.approx(bare + 500.0, abs=0.01) and frozen == pytest.approx(0.0, abs=1e-4)
    assert wall_flux(pool, wall, LIQUIDUS, film, behind)[0] == pytest.approx(bare, abs=0.01)


def tank(outer=12.0, hot=1400.0, size=0.05, walls=("side",), **more):
    """Hot plate | bath | wall in a row along x, 1 m² across; the ledge grows from the wall against x."""
    parts = dict(
        materials={"m": material(k=20.0), "n": material(k=1.0)},
        boxes=[box("plate", "m", (-0.1, 0.0)), box("bath", "n", (0.0, 1.0)), box("side", "m", (1.0, 1.2))],
        mesh={"size_x": f"{size} m", "size": "1 m"},
        physics={"electric": False, "temperature": "1200 K"},
        solver={"tolerance": 1e-3},
        surfaces=[surface("hot", "plate", "x-"), surface("cold", "side", "x+")],
        lumps=[{"name": "bath", "regions": ["bath"], "films": {"plate": "100 W/m2/K", "side": "600 W/m2/K"}}],
        interfaces=[
            {"name": "joint", "between": ["bath", "side"], "laws": [{"kind": "contact", "thermal": "1e-3 K m2/W"}]}
        ],
        ledge={
            "pools": ["bath"],
            "walls": list(walls),
            "conductivity": "1.5 W/m/K",
            "liquidus": f"{LIQUIDUS} K",
            "reach": "1 m",
        },
        conditions=[{"on": ["hot"], "laws": [fixed(hot)]}, {"on": ["cold"], "laws": [convection(outer, 300.0)]}],
    )
    return solved(**parts | more)


def series(outer, hot=1400.0):
    """Bath temperature, heat and thickness of `tank`: a front at the liquidus if that carries less than the bare
    wall."""
    supply, behind = 0.1 / 20.0 + 1 / 100.0, 1e-3 + 0.2 / 20.0 + 1.0 / outer
    bare = (hot - 300.0) / (supply + 1 / 600.0 + behind)
    q = (hot - LIQUIDUS) / (supply + 1 / 600.0)
    if bare <= q:
        return hot - bare * supply, bare, 0.0
    return hot - q * supply, q, 1.5 * ((LIQUIDUS - 300.0) / q - behind)


@pytest.mark.parametrize("size", [0.2, 0.03])
@pytest.mark.parametrize(
    ("outer", "hot"), [(400.0, 1300.0), (100.0, 1250.0), (30.0, 1190.0), (100.0, 1400.0), (5.0, 1300.0)]
)
def test_thickness_in_series_with_the_wall(outer, hot, size):
    bath, q, thickness = series(outer, hot)
    solution = tank(outer, hot, size)
    ledge = solution.record["ledge"]
    assert solution.record["thermal"]["lump_temperature"] == pytest.approx([bath], abs=1e-3)
    assert boundary_heat(solution, "cold") == pytest.approx(q, rel=1e-3)
    assert ledge["thickness"] == pytest.approx([thickness], rel=1e-3, abs=1e-5)
    assert ledge["heat"] == pytest.approx([boundary_heat(solution, "cold")], rel=1e-9)
    inside = solution.mesh.region == solution.record["names"]["regions"].index("bath")
    liquid = (solution.record["cells"]["liquid_fraction"] * solution.mesh.cell_volume)[inside].sum()
    assert liquid == pytest.approx(1.0 - ledge["thickness"][0], abs=1e-12)
    check_ledger(solution)


def test_some_of_these_walls_are_bare_and_some_are_not():
    thickness = [
        series(*case)[2] for case in ((400.0, 1300.0), (100.0, 1250.0), (30.0, 1190.0), (100.0, 1400.0), (5.0, 1300.0))
    ]
    assert min(thickness) == 0.0 and 0.0 < sorted(thickness)[1] < 0.1 and 0.1 < max(thickness) < 0.6


def test_ledge_vanishes_smoothly():
    """The outer film falls by 1 % steps through the point where the ledge is gone: heat and areas do not jump."""
    critical = 1.0 / (
        (LIQUIDUS - 300.0) / ((1300.0 - LIQUIDUS) / (0.1 / 20.0 + 1 / 100.0 + 1 / 600.0)) - 1e-3 - 0.2 / 20.0
    )
    rows = []
    for factor in np.linspace(1.05, 0.95, 11):
        solution = tank(float(critical * factor), 1300.0, 0.1)
        rows.append(
            (
                solution.record["ledge"]["thickness"][0],
                boundary_heat(solution, "cold"),
                solution.record["thermal"]["lump_temperature"][0],
                solution.record["cells"]["liquid_fraction"].min(),
            )
        )
    thickness, heat, bath, liquid = np.array(rows).T
    assert thickness[0] > 1e-4 and np.all(thickness[-5:] == 0.0) and np.all(np.diff(thickness) <= 1e-12)
    step = 1.05 * 0.01 * 1.5 / critical
    assert np.abs(np.diff(thickness)).max() <= 1.2 * step
    assert np.abs(np.diff(heat)).max() <= 0.02 * heat[0] and np.abs(np.diff(bath)).max() <= 0.02 * 150.0
    assert np.abs(np.diff(liquid)).max() <= 1.2 * step / 0.1


def pool_of(reach=1.0):
    """A pool of one layer of cells of unequal width in a ring of wall, as mesh and columns."""
    boxes = [box("wall", "m", (-0.1, 1.1), (-0.1, 0.7)), box("pool", "m", (0.0, 1.0), (0.0, 0.6))]
    mesh = build_mesh(
        [Box(**b) for b in boxes],
        MeshOptions(size="1 m", growth=50.0, planes_x=("0.1 m", "0.3 m", "0.9 m"), planes_y=("0.2 m", "0.5 m")),
    )[0]
    return mesh, columns(mesh, mesh.cells("pool"), mesh.cells("wall"), Constant(1.5, "W/m/K"), LIQUIDUS, reach)


def test_every_cell_belongs_to_the_nearest_wall():
    mesh, ledge = pool_of()
    pool = np.flatnonzero(mesh.cells("pool"))
    assert np.array_equal(np.sort(ledge.cell), pool)
    column = np.repeat(np.arange(ledge.face.size), np.diff(ledge.first))
    away = mesh.cell_centre[ledge.cell] - mesh.face_centre[ledge.face[column]]
    distance = abs(np.einsum("ij,ij->i", away, mesh.normal[ledge.face[column]]))
    x, y = mesh.cell_centre[ledge.cell, :2].T
    assert distance == pytest.approx(np.minimum.reduce([x, 1.0 - x, y, 0.6 - y]))
    assert 0.5 * (ledge.start + ledge.end) == pytest.approx(distance)
    for c in range(ledge.face.size):
        inside = slice(ledge.first[c], ledge.first[c + 1])
        assert ledge.start[inside][0] == 0.0 and ledge.start[inside][1:] == pytest.approx(ledge.end[inside][:-1])
    met = ledge.other >= 0
    assert met.any() and np.all(ledge.group[met] != ledge.other[met])
    centre = mesh.face_centre[ledge.face[met]]
    across_x = np.abs(mesh.normal[ledge.face[met], 0]) > 0.5
    to_wall = np.where(
        across_x, np.minimum(centre[:, 1], 0.6 - centre[:, 1]), np.minimum(centre[:, 0], 1.0 - centre[:, 0])
    )
    assert ledge.apart[met] == pytest.approx(to_wall) and np.all(ledge.breadth[met] > 0.0)


def test_reach_ends_the_columns():
    _, ledge = pool_of(reach=0.05)
    assert np.all(np.diff(ledge.first) == 1) and np.all(ledge.start == 0.0)


@pytest.mark.parametrize("thickness", [0.0, 0.04, 0.15, 0.29])
def test_front_is_found_where_a_straight_line_crosses(thickness):
    """At any place in a cell, for walls of any cell width; the shares of the cells add up to it."""
    mesh, ledge = pool_of()
    temperature = LIQUIDUS + 4000.0 * (0.5 * (ledge.start + ledge.end) - thickness)
    half, behind = np.full((2, ledge.face.size), 1.0)
    wall = LIQUIDUS - 4000.0 * (thickness + ledge.end[ledge.first[:-1]] / 2)
    front = ledge.front(mesh, temperature, wall, half, behind)
    length = ledge.end[ledge.first[1:] - 1]
    assert front.thickness == pytest.approx(np.minimum(thickness, length), abs=1e-12)
    column = np.repeat(np.arange(ledge.face.size), np.diff(ledge.first))
    volume = np.bincount(column, front.solid * (ledge.end - ledge.start))
    assert volume == pytest.approx(front.thickness, abs=1e-12)
    neighbour = np.where(mesh.neighbour < 0, mesh.owner, mesh.neighbour)
    liquid = np.ones(mesh.n_cells)
    liquid[ledge.cell] = 1.0 - front.solid
    open_faces = np.ones(mesh.n_faces)
    open_faces[ledge.beside] = front.open_beside
    assert open_faces == pytest.approx(np.maximum(np.minimum(liquid[mesh.owner], liquid[neighbour]), 1e-8), rel=1e-14)


def test_all_frozen_and_none():
    mesh, ledge = pool_of()
    n, behind = ledge.face.size, np.ones(ledge.face.size)
    cold = ledge.front(mesh, np.full(ledge.cell.size, 900.0), np.full(n, 800.0), behind, behind)
    assert np.array_equal(np.sort(ledge.cell), np.flatnonzero(mesh.cells("pool"))) and np.all(cold.solid == 1.0)
    hot = ledge.front(mesh, np.full(ledge.cell.size, 1300.0), np.full(n, 1200.0), behind, behind)
    assert np.all(hot.solid == 0.0) and np.all(hot.thickness == 0.0) and np.all(hot.share == 1.0)


def test_sloping_front_is_longer():
    """A front that falls by 0.2 m on a metre: √(1 + 0.2²) where both sides count."""
    boxes = [box("wall", "m", (0.0, 0.1), z=(0.0, 1.0)), box("pool", "m", (0.1, 1.1), z=(0.0, 1.0))]
    mesh = build_mesh([Box(**b) for b in boxes], MeshOptions(size="0.05 m", size_y="1 m"))[0]
    ledge = columns(mesh, mesh.cells("pool"), mesh.cells("wall"), Constant(1.5, "W/m/K"), LIQUIDUS, 0.9)
    thickness = 0.6 - 0.2 * mesh.face_centre[ledge.face, 2]
    temperature = LIQUIDUS + 4000.0 * (0.5 * (ledge.start + ledge.end) - np.repeat(thickness, np.diff(ledge.first)))
    ones = np.ones(ledge.face.size)
    front = ledge.front(mesh, temperature, np.full(ledge.face.size, 300.0), 1e-9 * ones, ones)
    assert front.thickness == pytest.approx(thickness, rel=1e-9)
    assert front.share == pytest.approx(np.sqrt(1.04) * ones, rel=1e-9)


def ledge_in_two_dimensions(n, amplitude, start="0.05 m"):
    """A film that varies along the wall, n cells high: error of the thickness (n,) [m] and the record."""
    cold, front, film = harmonic(amplitude)
    edges = (0.4 * np.arange(n + 1) / n).tolist()
    walls = [box(f"side_{i:03d}", "w", (0.5, 0.6), z=(edges[i], edges[i + 1])) for i in range(n)]
    films = {f"side_{i:03d}": f"{film(0.5 * (edges[i] + edges[i + 1]))} W/m2/K" for i in range(n)}
    supply = 1e5
    solution = solved(
        materials={"w": material(k=1.5), "n": material(k=1.0)},
        boxes=[box("bath", "n", (0.0, 0.5), z=(0.0, 0.4)), *walls],
        mesh={"size_x": f"{0.4001 / n} m", "size_y": "1 m", "size": f"{0.4001 / n} m"},
        physics={"electric": False, "temperature": f"{LIQUIDUS + 12.0} K"},
        solver={"tolerance": 1e-3},
        surfaces=[surface("hot", "bath", "x-"), surface("cold", "side_*", "x+")],
        lumps=[{"name": "bath", "regions": ["bath"], "films": films | {"bath": f"{supply} W/m2/K"}}],
        ledge={"pools": ["bath"], "walls": ["side_*"], "liquidus": f"{LIQUIDUS} K", "start": start},
        conditions=[
            {"on": ["hot"], "laws": [fixed(LIQUIDUS + 12.0 + 1.5 * 3000.0 / supply)]},
            {"on": ["cold"], "laws": [fixed(cold)]},
        ],
    )
    ledge = solution.record["ledge"]
    exact = np.array([front(z) - 0.1 for z in solution.mesh.face_centre[ledge["face"], 2]])
    return ledge["thickness"] - exact, solution


def test_thickness_in_one_dimension_at_5_mm_cells():
    error, solution = ledge_in_two_dimensions(80, 0.0)
    assert np.abs(error).max() <= 1e-3 * 0.15
    assert np.abs(error).max() <= 1e-8


@pytest.mark.parametrize("amplitude", [0.015, 0.03])
def test_two_dimensional_ledge_converges(amplitude):
    """Against the harmonic solution: order ≥ 1 over three halvings, 0.1 mm at 6 mm cells; what enters the ledge leaves
    it."""
    errors = []
    for n in (8, 16, 32, 64):
        error, solution = ledge_in_two_dimensions(n, amplitude)
        errors.append(float(np.sqrt(np.mean(error**2))))
        ledge = solution.record["ledge"]
        left = float(np.sum(ledge["link_leaves"] * ledge["link_heat"]))
        assert left == pytest.approx(float(np.sum(ledge["heat"])), rel=1e-10)
        check_ledger(solution)
    assert np.log2(errors[0] / errors[-1]) / 3.0 >= 1.0
    assert errors[-1] <= 1e-4


def test_columns_that_conduct_too_little_to_each_other_fail(monkeypatch):
    """The counter-test: with half the conduction along the wall the same check is off by millimetres on every mesh."""
    original = Links.conductance

    def less(self, mesh, k_solid, k_frozen, solid):
        return np.where(self.through, 1.0, 0.5) * original(self, mesh, k_solid, k_frozen, solid)

    monkeypatch.setattr(Links, "conductance", less)
    error, _ = ledge_in_two_dimensions(32, 0.03)
    assert np.abs(error).max() > 2e-3


def test_film_on_the_wall_face_alone_is_too_little(monkeypatch):
    """The counter-test for the slope of the front."""
    monkeypatch.setattr(LedgeColumns, "_stretch", lambda self, thickness: np.ones(thickness.size))
    error, _ = ledge_in_two_dimensions(64, 0.03)
    assert np.sqrt(np.mean(error**2)) > 2e-4


def test_no_ledge_and_all_frozen_lead_to_the_same_front():
    thickness = [
        ledge_in_two_dimensions(16, 0.03, start)[1].record["ledge"]["thickness"] for start in ("0 m", "0.15 m", "0.5 m")
    ]
    assert thickness[1] == pytest.approx(thickness[0], abs=1e-9) and thickness[2] == pytest.approx(
        thickness[0], abs=1e-9
    )


def test_front_moves_without_steps():
    """The outer film in small steps carries the front through several cells: on the closed form all the way."""
    outer = 30.0 * 1.01 ** np.arange(40)[::2]
    exact = np.array([series(float(film), 1250.0)[2] for film in outer])
    found = np.array([tank(float(film), 1250.0, 0.004).record["ledge"]["thickness"][0] for film in outer])
    assert np.ptp(found) > 3 * 0.004
    assert found == pytest.approx(exact, rel=1e-6)


def corner(cells, side, wall, conductivity, cold):
    """A square pool with walls on two sides that freeze alike, and its mirror image across the diagonal; `cold` is the
    walls' outside."""
    outside = side + wall
    return solved(
        materials={"w": material(k=conductivity), "n": material(k=1.0)},
        boxes=[box("wall", "w", (0.0, outside), (0.0, outside)), box("bath", "n", (0.0, side), (0.0, side))],
        mesh={"size": f"{side / cells} m", "size_z": "1 m"},
        physics={"electric": False, "temperature": "1162 K"},
        solver={"tolerance": 1e-2},
        surfaces=[surface("hot", "bath", "x-"), surface("cold", "wall", "x+"), surface("cold_y", "wall", "y+")],
        lumps=[{"name": "bath", "regions": ["bath"], "films": {"bath": "1e5 W/m2/K", "*": "600 W/m2/K"}}],
        ledge={"pools": ["bath"], "walls": ["wall"], "liquidus": f"{LIQUIDUS} K"},
        conditions=[{"on": ["hot"], "laws": [fixed(1162.0)]}, {"on": ["cold", "cold_y"], "laws": [cold]}],
    )


def test_corner_is_rounded_and_counted_once():
    """Away from the corner the thickness of the flat wall; towards it thicker; the volume more than both walls' and
    hardly the mesh's."""
    volumes = []
    for n in (24, 48, 96):
        solution = corner(n, 1.2, 0.1, 2.0, convection(1000.0, 300.0))
        ledge, mesh = solution.record["ledge"], solution.mesh
        along_y = np.abs(mesh.normal[ledge["face"], 0]) > 0.5
        y = mesh.face_centre[ledge["face"][along_y], 1]
        thickness = ledge["thickness"][along_y]
        q = 600.0 * (solution.record["thermal"]["lump_temperature"][0] - LIQUIDUS)
        flat = 1.5 * ((LIQUIDUS - 300.0) / q - 0.1 / 2.0 - 1.0 / 1000.0)
        assert thickness[np.argmin(y)] == pytest.approx(flat, rel=2e-3)
        free = ledge["frozen_through"][along_y] == 0
        order = np.argsort(y[free])
        assert np.all(np.diff(thickness[free][order]) >= -1e-9)
        frozen = 1.0 - solution.record["cells"]["liquid_fraction"]
        volumes.append(float(np.sum(frozen * mesh.cell_volume)))
        assert volumes[-1] > 1.2**2 - (1.2 - flat) ** 2
        check_ledger(solution)
    assert np.ptp(volumes) < 0.015 * volumes[-1]


def cold_corner(n):
    """A square corner of two walls at one temperature: frozen length of the diagonal, and what it is in thicknesses of
    the flat wall."""
    solution = corner(n, 0.6, 0.02, 2000.0, fixed(700.0))
    mesh, frozen = solution.mesh, 1.0 - solution.record["cells"]["liquid_fraction"]
    flat = 1.5 * (LIQUIDUS - 700.0) / (600.0 * (solution.record["thermal"]["lump_temperature"][0] - LIQUIDUS))
    diagonal = (np.abs(mesh.cell_centre[:, 0] - mesh.cell_centre[:, 1]) < 1e-9) & (mesh.cell_centre[:, 0] < 0.6)
    check_ledger(solution)
    return float(frozen[diagonal].sum()) * np.sqrt(2.0) * 0.6 / n / flat


def test_corner_of_cold_walls_by_hodograph():
    """The diagonal is ∫ cot^½(πu/4) du = 2.208 thicknesses long: within 2 % on meshes of 8 and 15 cells a thickness, 4
    % with 4."""
    exact = quad(lambda u: np.sqrt(1.0 / np.tan(np.pi * u / 4.0)), 0.0, 1.0)[0]
    assert exact == pytest.approx(np.sqrt(2.0) * oxycell.physics.ledge.ledge._CORNER, rel=1e-9)
    for n, allowed in ((24, 0.04), (48, 0.02), (96, 0.02)):
        assert cold_corner(n) == pytest.approx(exact, rel=allowed)


def test_corner_where_both_walls_count_in_full_is_off(monkeypatch):
    """The counter-test: film on the whole of both walls melts the corner."""
    monkeypatch.setattr(LedgeColumns, "_covered", lambda self, thickness: np.zeros(thickness.size))
    assert cold_corner(48) < 0.9 * 2.208


def test_conductivity_of_the_ledge_may_vary_with_temperature():
    """k rising linearly with T: Kirchhoff's integral gives the thickness; a constant one gives another."""
    table = {"temperature": ["300 K", f"{LIQUIDUS} K"], "value": [0.5, 2.2]}
    more = {
        "materials": {
            "m": material(k=20.0),
            "n": material(k=1.0),
            "frost": {**material(k=1.0), "thermal_conductivity": table},
        },
        "ledge": {
            "pools": ["bath"],
            "walls": ["side"],
            "material": "frost",
            "liquidus": f"{LIQUIDUS} K",
            "reach": "1 m",
        },
    }
    _, q, constant = series(30.0, 1250.0)
    wall = 300.0 + q * (1e-3 + 0.2 / 20.0 + 1.0 / 30.0)
    rise = (2.2 - 0.5) / (LIQUIDUS - 300.0)
    mean = 0.5 + rise * (0.5 * (LIQUIDUS + wall) - 300.0)
    for size in (0.08, 0.04, 0.02, 0.01):
        solution = tank(30.0, 1250.0, size, **more)
        assert solution.record["ledge"]["thickness"][0] == pytest.approx(mean * (LIQUIDUS - wall) / q, abs=1e-8)
        assert solution.status["outer_iterations"] <= 15
    assert abs(mean * (LIQUIDUS - wall) / q - constant) > 0.01


def cell(current="1000 A", outer=60.0):
    """Anode | bath | cathode from top to bottom, a wall beside the bath that freezes; 3-D."""
    return solved(
        materials={"e": material(1e5, 40.0), "b": material(200.0, 1.0), "w": material(k=20.0), "i": material(k=0.05)},
        boxes=[
            box("lining", "i", (0.0, 1.3), (0.0, 0.5), (-0.4, 1.0)),
            box("side", "w", (1.0, 1.3), (0.0, 0.5), (0.0, 0.6)),
            box("bath", "b", (0.0, 1.0), (0.0, 0.5), (0.0, 0.6)),
            box("anode", "e", (0.0, 0.6), (0.0, 0.5), (0.2, 1.0)),
            box("cathode", "e", (0.0, 1.0), (0.0, 0.5), (-0.4, 0.0)),
        ],
        mesh={"size": "0.1 m", "size_y": "0.5 m"},
        physics={"temperature": "1160 K"},
        surfaces=[surface("top", "anode", "z+"), surface("bottom", "cathode", "z-"), surface("outside", "side", "x+")],
        terminals=[
            {"name": "in", "surfaces": ["top"], "current": current},
            {"name": "out", "surfaces": ["bottom"], "potential": "0 V"},
        ],
        lumps=[{"name": "bath", "regions": ["bath"], "films": {"*": "600 W/m2/K"}, "start": "1160 K"}],
        ledge={"pools": ["bath"], "walls": ["side"], "liquidus": f"{LIQUIDUS} K"},
        conditions=[
            {"on": ["top", "bottom"], "laws": [convection(1.0, 300.0)], "path": "ends"},
            {"on": ["outside"], "laws": [convection(outer, 300.0)]},
        ],
    )


def test_pool_between_film_and_ledge_closes():
    solution = cell()
    thickness = solution.record["ledge"]["thickness"]
    assert np.all(thickness > 0.02) and np.ptp(thickness) > 1e-4
    report = check_ledger(solution)
    made = 1000.0 * terminal_potential(solution, "in")
    assert sum(report["heat"]["losses"].values()) == pytest.approx(made, rel=1e-9)
    assert report["balance"]["heat"]["relative"] < 1e-9
    flux = solution.record["ledge"]["heat"] / (0.1 * 0.5) / solution.record["ledge"]["share"]
    bath = solution.record["thermal"]["lump_temperature"][0]
    assert flux == pytest.approx(600.0 * (bath - LIQUIDUS), abs=0.6)


def test_floor_of_the_open_area_does_not_matter(monkeypatch):
    """A hundred times more of it changes the voltage by less than what the areas under the ledge could carry."""
    volts = terminal_potential(cell(), "in")
    monkeypatch.setattr(oxycell.physics.ledge.ledge, "LEAST_OPEN", 1e-6)
    assert terminal_potential(cell(), "in") == pytest.approx(volts, rel=1e-5)


def test_thicker_ledge_with_more_cooling_and_less_current():
    mean = [
        cell(current, outer).record["ledge"]["thickness"].mean()
        for current, outer in (("1000 A", 60.0), ("1000 A", 90.0), ("980 A", 60.0))
    ]
    assert mean[1] > mean[0] and mean[2] > mean[0]


def test_freezing_is_told():
    with pytest.raises(NotConverged, match="freezes") as error:
        tank(400.0, LIQUIDUS - 20.0)
    assert error.value.solution is not None and not error.value.solution.converged


@pytest.mark.parametrize("hot", [1300.0, 1600.0])
def test_heat_made_on_the_face_of_a_ledge_is_kept(hot):
    """Current from the bath into a conducting wall through a film: its heat is in the balance, behind a ledge and
    bare."""
    solution = solved(
        materials={"m": material(1e4, 20.0), "n": material(1e3, 1.0)},
        boxes=[box("plate", "m", (-0.1, 0.0)), box("bath", "n", (0.0, 1.0)), box("side", "m", (1.0, 1.2))],
        mesh={"size_x": "0.1 m", "size": "1 m"},
        physics={"temperature": "1200 K"},
        surfaces=[surface("hot", "plate", "x-"), surface("cold", "side", "x+")],
        lumps=[{"name": "bath", "regions": ["bath"], "films": {"plate": "100 W/m2/K", "side": "600 W/m2/K"}}],
        interfaces=[
            {"name": "film", "between": ["bath", "side"], "laws": [{"kind": "contact", "electric": "1e-4 ohm m2"}]}
        ],
        terminals=[
            {"name": "in", "surfaces": ["hot"], "current": "1000 A"},
            {"name": "out", "surfaces": ["cold"], "potential": "0 V"},
        ],
        ledge={"pools": ["bath"], "walls": ["side"], "liquidus": f"{LIQUIDUS} K"},
        conditions=[{"on": ["hot"], "laws": [fixed(hot)]}, {"on": ["cold"], "laws": [convection(20.0, 300.0)]}],
    )
    check_ledger(solution)


def test_wall_that_heats_the_pool_stays_bare():
    """A plate hotter than the pool among the walls: bare, and the other wall as without it. Its columns' line falls
    below 0 K."""
    _, q, thickness = series(30.0, 1250.0)
    solution = tank(30.0, 1250.0, 0.1, walls=("side", "plate"))
    ledge = solution.record["ledge"]
    order = np.argsort(solution.mesh.face_centre[ledge["face"], 0])
    assert ledge["thickness"][order] == pytest.approx([0.0, thickness], rel=1e-6)
    assert boundary_heat(solution, "cold") == pytest.approx(q, rel=1e-6)
    check_ledger(solution)


def step(n=8, **more):
    """A wall that stands out by 0.1 m in its lower half, n cells high."""
    parts = dict(
        materials={"w": material(k=20.0), "n": material(k=1.0)},
        boxes=[
            box("bath", "n", (0.0, 0.6), z=(0.0, 0.4)),
            box("side_a", "w", (0.5, 0.7), z=(0.0, 0.2)),
            box("side_b", "w", (0.6, 0.7), z=(0.2, 0.4)),
        ],
        mesh={"size_x": f"{0.4001 / n} m", "size_y": "1 m", "size": f"{0.4001 / n} m"},
        physics={"electric": False, "temperature": "1162 K"},
        solver={"tolerance": 1e-3},
        surfaces=[surface("hot", "bath", "x-"), surface("cold", "side_*", "x+")],
        lumps=[{"name": "bath", "regions": ["bath"], "films": {"bath": "1e5 W/m2/K", "*": "600 W/m2/K"}}],
        ledge={"pools": ["bath"], "walls": ["side_*"], "liquidus": f"{LIQUIDUS} K"},
        conditions=[{"on": ["hot"], "laws": [fixed(1162.0)]}, {"on": ["cold"], "laws": [convection(100.0, 300.0)]}],
    )
    return solved(**parts | more)


def test_front_over_a_step_of_the_wall():
    """The front is smoother than the wall behind it, from any initial guess, and refining moves it less and less."""
    fronts = []
    for n in (8, 16, 32):
        solution = step(n)
        ledge = solution.record["ledge"]
        at = solution.mesh.face_centre[ledge["face"]]
        order = np.argsort(at[:, 2])
        fronts.append((at[:, 0] - ledge["thickness"])[order])
        assert np.all(np.diff(fronts[-1]) > 0.0) and np.abs(np.diff(fronts[-1])).max() < 0.02
        check_ledger(solution)
    coarse = [front.reshape(8, -1).mean(1) for front in fronts]
    assert np.abs(coarse[2] - coarse[1]).max() < np.abs(coarse[1] - coarse[0]).max() < 0.003
    thick = step(8, ledge={"pools": ["bath"], "walls": ["side_*"], "liquidus": f"{LIQUIDUS} K", "start": "0.4 m"})
    again = np.sort(thick.mesh.face_centre[thick.record["ledge"]["face"], 0] - thick.record["ledge"]["thickness"])
    assert again == pytest.approx(fronts[0], abs=1e-8)


def basin(symmetry):
    """A pool in a ring of wall over a hot plate, or the part of it that symmetry planes leave."""
    return solved(
        materials={"w": material(k=2.0), "n": material(k=1.0), "p": material(k=20.0)},
        boxes=[
            box("wall", "w", (-0.7, 0.7), (-0.5, 0.5), (0.0, 0.3)),
            box("bath", "n", (-0.6, 0.6), (-0.4, 0.4), (0.0, 0.3)),
            box("plate", "p", (-0.6, 0.6), (-0.4, 0.4), (-0.1, 0.0)),
        ],
        mesh={"size": "0.1 m", "symmetry": list(symmetry)},
        physics={"electric": False, "temperature": "1162 K"},
        solver={"tolerance": 1e-3},
        surfaces=[surface("hot", "plate", "z-"), surface("cold", "wall", "x+", "y+", "x-", "y-")],
        lumps=[{"name": "bath", "regions": ["bath"], "films": {"plate": "2000 W/m2/K", "*": "600 W/m2/K"}}],
        ledge={"pools": ["bath"], "walls": ["wall"], "liquidus": f"{LIQUIDUS} K"},
        conditions=[{"on": ["hot"], "laws": [fixed(1240.0)]}, {"on": ["cold"], "laws": [convection(1000.0, 300.0)]}],
    )


@pytest.mark.parametrize("symmetry", ["x", "y", "xy"])
def test_half_and_quarter_are_the_whole(symmetry):
    """To round-off, corners included: a column at a symmetry plane has its mirror image next to it."""
    whole, part = (oxycell.report(basin(planes))["ledge"] for planes in ("", symmetry))
    for name in ("mean_m", "max_m", "volume_m3", "heat_W", "heat_out_W"):
        assert part[name] == pytest.approx(whole[name], rel=1e-9)


def test_changed_conduction_in_the_ledge_is_found():
    """One per cent on a single link: the heat ledger does not close."""
    solution = cell()
    check_ledger(solution)
    record = copy.deepcopy(solution.record)
    heat = record["ledge"]["link_heat"]
    heat[np.argmax(abs(heat))] *= 1.01
    failures = oxycell.report.closed(oxycell.report(dataclasses.replace(solution, record=record)))
    assert any(failure.startswith("heat does not close") for failure in failures)


def test_walls_away_from_the_pool_are_refused():
    boxes = [
        box("plate", "m", (-0.1, 0.0)),
        box("bath", "n", (0.0, 1.0)),
        box("joint", "m", (1.0, 1.1)),
        box("side", "m", (1.1, 1.2)),
    ]
    with pytest.raises(CaseError, match=r"ledge\.walls"):
        tank(
            30.0,
            1250.0,
            0.1,
            boxes=boxes,
            interfaces=[],
            lumps=[{"name": "bath", "regions": ["bath"], "films": {"*": "600 W/m2/K"}}],
        )


def test_insulated_part_of_a_wall_beside_a_ledge():
    """The ledge runs out over a part of the wall that takes no heat, from any initial guess."""
    walls = [
        box("side_a", "w", (0.5, 0.6), z=(0.0, 0.2)),
        box("board", "i", (0.5, 0.6), z=(0.175, 0.2)),
        box("side_b", "w", (0.5, 0.6), z=(0.2, 0.4)),
    ]
    found = []
    for start in ("0 m", "0.05 m"):
        solution = step(
            16,
            materials={"w": material(k=20.0), "n": material(k=1.0), "i": material(k=0.001)},
            boxes=[box("bath", "n", (0.0, 0.5), z=(0.0, 0.4)), *walls],
            surfaces=[surface("hot", "bath", "x-"), surface("warm", "side_a", "x+"), surface("cold", "side_b", "x+")],
            ledge={"pools": ["bath"], "walls": ["side_*", "board"], "liquidus": f"{LIQUIDUS} K", "start": start},
            conditions=[
                {"on": ["hot"], "laws": [fixed(1162.2)]},
                {"on": ["warm"], "laws": [convection(0.5, 300.0)]},
                {"on": ["cold"], "laws": [convection(50.0, 300.0)]},
            ],
        )
        ledge = solution.record["ledge"]
        found.append(ledge["thickness"][np.argsort(solution.mesh.face_centre[ledge["face"], 2])])
        check_ledger(solution)
    assert found[1] == pytest.approx(found[0], abs=1e-7)
    assert found[0][0] == 0.0 and 0.1 < found[0][-1] < 0.14


def spread(thickness, height):
    """What `freeze` makes of one column of cells 30, 45 and 40 mm deep: frozen shares, and how much nearer to the wall
    their middle is."""
    end = np.array([0.03, 0.075, 0.115])
    start, cells = np.r_[0.0, end[:-1]], np.arange(3, dtype=np.int32)
    (solid, nearer), none = np.zeros((2, 3)), cells[:0]
    freeze(
        np.array([0, 3]),
        cells,
        start,
        end,
        np.array([height]),
        np.array([thickness]),
        none,
        cells,
        cells,
        solid,
        np.empty(0),
        nearer,
    )
    return start, end, solid, nearer


@pytest.mark.parametrize(
    ("thickness", "stretch"), [(0.05, 0.02), (0.07, 0.02), (0.09, 0.02), (0.11, 0.01), (0.004, 0.008)]
)
def test_spread_front_is_the_mean_of_sharp_ones(thickness, stretch):
    """Shares and the middle of what is frozen, against 200 000 sharp fronts; the stretch is shorter at the column's
    ends."""
    depth = np.interp(thickness, (0.015, 0.0525, 0.095), (0.03, 0.045, 0.04))
    height = np.sqrt(0.04 * depth)  # of which half its square over the depth counts
    start, end, solid, nearer = spread(thickness, height)
    at = thickness + stretch * ((np.arange(200_000) + 0.5) / 200_000 - 0.5)
    frozen = np.clip(at - start[:, None], 0.0, (end - start)[:, None])
    assert solid == pytest.approx(frozen.mean(1) / (end - start), abs=1e-9)
    centre, behind = (
        0.5 * (start + end),
        at - (start[:, None] + 0.5 * frozen),
    )  # the middle of what is frozen, from its own front
    for cell in np.flatnonzero((solid > 0.0) & (solid < 1.0)):
        colder = centre[cell] - thickness + np.sum(frozen[cell] * behind[cell]) / np.sum(frozen[cell])
        assert nearer[cell] == pytest.approx(colder, abs=1e-8)


@pytest.mark.parametrize(("height", "kinks"), [(0.1, False), (0.0, True)])
def test_shares_of_a_spread_front_have_no_kinks(height, kinks):
    """Where the front passes from one cell to the next; a sharp one, the counter-test, changes the slope of a share
    from 0 to 1/depth."""
    step = 1e-6
    for edge in (0.03, 0.075):
        solid = np.array([spread(edge + i * step, height)[2] for i in (-1, 0, 1)])
        bend = np.abs(np.diff(solid, 2, axis=0)).max() / step
        assert (bend > 20.0) == kinks and (bend < 0.1) != kinks


def toe_over_a_floor(depth):
    """Thickness [m] of the lowest ledge, 0.1 m high, over a floor that conducts, in cells of a depth [m]; 2-D."""
    solution = solved(
        materials={
            "hot": material(k=1000.0),
            "melt": material(k=1.0),
            "paste": material(k=8.0),
            "sic": material(k=26.0),
        },
        boxes=[
            box("heater", "hot", (-0.04, 0.0), z=(0.0, 0.4)),
            box("pool", "melt", (0.0, 0.48), z=(0.0, 0.4)),
            box("floor", "paste", (0.0, 0.56), z=(-0.2, 0.0)),
            box("wall", "sic", (0.48, 0.56), z=(0.0, 0.4)),
        ],
        mesh={"size_x": f"{depth} m", "size_y": "1 m", "size_z": "0.1 m", "growth": 50.0},
        physics={"electric": False},
        surfaces=[surface("hot", "heater", "x-"), surface("out", "wall", "x+"), surface("bottom", "floor", "z-")],
        lumps=[
            {
                "name": "pool",
                "regions": ["pool"],
                "films": {"heater": "1e4 W/m2/K", "floor": "1250 W/m2/K", "wall": "600 W/m2/K"},
                "start": "1177 K",
            }
        ],
        ledge={"pools": ["pool"], "walls": ["wall"], "liquidus": "1165.15 K"},
        conditions=[
            {"on": ["hot"], "laws": [fixed(1177.15)]},
            {"on": ["out"], "laws": [convection(60.0, 300.0)]},
            {"on": ["bottom"], "laws": [fixed(1073.15)]},
        ],
    )
    ledge = solution.record["ledge"]
    return ledge["thickness"][np.argmin(solution.mesh.face_centre[ledge["face"], 2])]


def test_toe_over_a_floor_does_not_follow_the_mesh():
    """Cells of half to a fortieth of the pool's depth, one answer: 0.2 % with 30 mm cells, 3 % with cells as deep as
    the ledge is thick."""
    fine = toe_over_a_floor(0.01)
    assert toe_over_a_floor(0.03) == pytest.approx(fine, rel=2e-3)
    for depth in (0.06, 0.08, 0.12):
        assert toe_over_a_floor(depth) == pytest.approx(fine, rel=0.03)


@pytest.mark.parametrize("kept", [1, 0])
def test_toe_at_the_temperatures_of_the_cells_does(monkeypatch, kept):
    """The counter-test: without the floor's slope toes are too short; with the column's line beyond its front too they
    go to and fro."""
    original = Touched.shifts
    monkeypatch.setattr(
        Touched, "shifts", lambda self, *given: [(i < kept) * shift for i, shift in enumerate(original(self, *given))]
    )
    found = np.array([toe_over_a_floor(depth) for depth in (0.12, 0.08, 0.06)])
    assert np.max(np.abs(found / toe_over_a_floor(0.01) - 1.0)) > 0.05
    assert (found[0] > found[1] < found[2]) == (not kept)
