"""The frozen ledge: flux and its slopes, thickness in series with a wall, areas it leaves open, and how it vanishes."""

import numpy as np
import pytest
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

from oxycell.errors import NotConverged
from oxycell.mesh.build import build_mesh
from oxycell.mesh.options import Box, MeshOptions
from oxycell.physics.ledge import LedgeColumns, columns, wall_flux, wall_thickness

LIQUIDUS = 1150.0


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


def test_thickness_by_hand():
    """Heat 600·8 W/m² through 50 mm of ledge, 2 mK m²/W and what is left to the wall's temperature."""
    q = 600.0 * 8.0
    wall = LIQUIDUS - q * (0.05 / 1.5 + 2e-3)
    assert wall_thickness(LIQUIDUS + 8.0, wall, LIQUIDUS, 1 / 600.0, 2e-3, 1.5) == pytest.approx(0.05, rel=1e-12)
    assert wall_thickness(LIQUIDUS + 8.0, LIQUIDUS, LIQUIDUS, 1 / 600.0, 2e-3, 1.5) == 0.0
    assert wall_thickness(LIQUIDUS + 80.0, LIQUIDUS - 10.0, LIQUIDUS, 1 / 600.0, 2e-3, 1.5) == 0.0
    assert wall_thickness(LIQUIDUS - 1.0, 300.0, LIQUIDUS, 1 / 600.0, 2e-3, 1.5) == 10.0


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
        interfaces=[{"name": "joint", "between": ["bath", "side"], "laws": [{"kind": "contact", "thermal": "1e-3 K m2/W"}]}],
        ledge={"pools": ["bath"], "walls": list(walls), "conductivity": "1.5 W/m/K", "liquidus": f"{LIQUIDUS} K"},
        conditions=[{"on": ["hot"], "laws": [fixed(hot)]}, {"on": ["cold"], "laws": [convection(outer, 300.0)]}],
    )
    return solved(**parts | more)


def series(outer, hot=1400.0):
    """Bath temperature, heat and thickness of `tank`: a front at the liquidus if that carries less than the bare wall."""
    supply, behind = 0.1 / 20.0 + 1 / 100.0, 1e-3 + 0.2 / 20.0 + 1.0 / outer
    bare = (hot - 300.0) / (supply + 1 / 600.0 + behind)
    q = (hot - LIQUIDUS) / (supply + 1 / 600.0)
    if bare <= q:
        return hot - bare * supply, bare, 0.0
    return hot - q * supply, q, 1.5 * ((LIQUIDUS - 300.0) / q - behind)


@pytest.mark.parametrize("size", [0.2, 0.03])
@pytest.mark.parametrize(("outer", "hot"), [(400.0, 1300.0), (100.0, 1250.0), (30.0, 1190.0), (100.0, 1400.0), (5.0, 1300.0)])
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
    thickness = [series(*case)[2] for case in ((400.0, 1300.0), (100.0, 1250.0), (30.0, 1190.0), (100.0, 1400.0), (5.0, 1300.0))]
    assert min(thickness) == 0.0 and 0.0 < sorted(thickness)[1] < 0.1 and 0.1 < max(thickness) < 0.6


def test_ledge_vanishes_smoothly():
    """The outer film falls by 1 % steps through the point where the ledge is gone: heat and areas do not jump."""
    critical = 1.0 / ((LIQUIDUS - 300.0) / ((1300.0 - LIQUIDUS) / (0.1 / 20.0 + 1 / 100.0 + 1 / 600.0)) - 1e-3 - 0.2 / 20.0)
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


def pool_of(symmetry=()):
    """A pool of one layer of cells of unequal width in a ring of wall, as mesh and columns."""
    boxes = [box("wall", "m", (-0.1, 1.1), (-0.1, 0.7)), box("pool", "m", (0.0, 1.0), (0.0, 0.6))]
    mesh = build_mesh(
        [Box(**b) for b in boxes],
        MeshOptions(size="1 m", growth=50.0, planes_x=("0.1 m", "0.3 m", "0.9 m"), planes_y=("0.2 m", "0.5 m"), symmetry=symmetry),
    )[0]
    return mesh, columns(mesh, mesh.cells("pool"), mesh.cells("wall"), 1.5, LIQUIDUS)


def test_columns_reach_across_the_pool():
    mesh, ledge = pool_of()
    nx, ny = (np.unique(mesh.cell_centre[mesh.cells("pool"), axis]).size for axis in (0, 1))
    assert ledge.face.size == 2 * nx + 2 * ny and nx > 3 and ny > 2
    for i in range(ledge.face.size):
        entries = np.flatnonzero(ledge.column == i)
        along = 0.6 if abs(mesh.normal[ledge.face[i], 1]) > 0.5 else 1.0
        assert ledge.start[entries[0]] == 0.0 and ledge.end[entries[-1]] == pytest.approx(along)
        assert ledge.start[entries[1:]] == pytest.approx(ledge.end[entries[:-1]])
        distance = abs((mesh.cell_centre[ledge.cell[entries]] - mesh.face_centre[ledge.face[i]]) @ mesh.normal[ledge.face[i]])
        assert 0.5 * (ledge.start + ledge.end)[entries] == pytest.approx(distance)


@pytest.mark.parametrize("thickness", [0.0, 0.05, 0.15])
def test_liquid_left_between_four_walls(thickness):
    """The same thickness on all walls leaves the rectangle (1 − 2s)(0.6 − 2s): the shares of corners multiply."""
    mesh, ledge = pool_of()
    faces, cells = ledge.open_fraction(mesh, np.full(ledge.face.size, thickness))
    pool = mesh.cells("pool")
    assert (cells * mesh.cell_volume)[pool].sum() == pytest.approx((1 - 2 * thickness) * (0.6 - 2 * thickness), rel=1e-12)
    assert np.all(cells[~pool] == 1.0)
    neighbour = np.where(mesh.neighbour < 0, mesh.owner, mesh.neighbour)
    assert faces == pytest.approx(np.maximum(np.minimum(cells[mesh.owner], cells[neighbour]), 1e-8), rel=1e-14)


def test_full_freeze_leaves_the_floor():
    mesh, ledge = pool_of()
    faces, cells = ledge.open_fraction(mesh, np.full(ledge.face.size, 10.0))
    pool = mesh.cells("pool")
    assert np.all(cells[pool] == 0.0)
    touching = pool[mesh.owner] | pool[np.where(mesh.neighbour < 0, mesh.owner, mesh.neighbour)]
    assert np.all(faces[touching] == 1e-8) and np.all(faces[~touching] == 1.0)


def test_open_fraction_moves_by_what_the_front_moves():
    """No jump where the front passes from one cell into the next."""
    mesh, ledge = pool_of()
    thickness = np.linspace(0.0, 0.31, 3101)
    cells = np.array([ledge.open_fraction(mesh, np.full(ledge.face.size, s))[1] for s in thickness])
    assert np.abs(np.diff(cells, axis=0)).max() <= 2.0 * 1e-4 / 0.1 + 1e-12 and np.all(np.diff(cells, axis=0) <= 1e-15)


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
        terminals=[{"name": "in", "surfaces": ["top"], "current": current}, {"name": "out", "surfaces": ["bottom"], "potential": "0 V"}],
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
    flux = solution.record["ledge"]["heat"] / (0.1 * 0.5)
    bath = solution.record["thermal"]["lump_temperature"][0]
    assert flux == pytest.approx(600.0 * (bath - LIQUIDUS), abs=0.6)


def test_floor_of_the_open_area_does_not_matter(monkeypatch):
    """A hundred times more of it changes the voltage by less than what the areas under the ledge could carry."""
    volts = terminal_potential(cell(), "in")
    original = LedgeColumns.open_fraction

    def leaky(self, mesh, thickness):
        faces, cells = original(self, mesh, thickness)
        return np.maximum(faces, 1e-6), cells

    monkeypatch.setattr(LedgeColumns, "open_fraction", leaky)
    assert terminal_potential(cell(), "in") == pytest.approx(volts, rel=1e-5)


def test_thicker_ledge_with_more_cooling_and_less_current():
    mean = [
        cell(current, outer).record["ledge"]["thickness"].mean() for current, outer in (("1000 A", 60.0), ("1000 A", 90.0), ("980 A", 60.0))
    ]
    assert mean[1] > mean[0] and mean[2] > mean[0]


def test_freezing_is_told():
    with pytest.raises(NotConverged, match="freezes") as error:
        tank(400.0, LIQUIDUS - 20.0)
    assert error.value.solution is not None and not error.value.solution.converged


@pytest.mark.parametrize("hot", [1300.0, 1600.0])
def test_heat_made_on_the_face_of_a_ledge_is_kept(hot):
    """Current from the bath into a conducting wall through a film: its heat is in the balance, behind a ledge and bare."""
    solution = solved(
        materials={"m": material(1e4, 20.0), "n": material(1e3, 1.0)},
        boxes=[box("plate", "m", (-0.1, 0.0)), box("bath", "n", (0.0, 1.0)), box("side", "m", (1.0, 1.2))],
        mesh={"size_x": "0.1 m", "size": "1 m"},
        physics={"temperature": "1200 K"},
        surfaces=[surface("hot", "plate", "x-"), surface("cold", "side", "x+")],
        lumps=[{"name": "bath", "regions": ["bath"], "films": {"plate": "100 W/m2/K", "side": "600 W/m2/K"}}],
        interfaces=[{"name": "film", "between": ["bath", "side"], "laws": [{"kind": "contact", "electric": "1e-4 ohm m2"}]}],
        terminals=[{"name": "in", "surfaces": ["hot"], "current": "1000 A"}, {"name": "out", "surfaces": ["cold"], "potential": "0 V"}],
        ledge={"pools": ["bath"], "walls": ["side"], "liquidus": f"{LIQUIDUS} K"},
        conditions=[{"on": ["hot"], "laws": [fixed(hot)]}, {"on": ["cold"], "laws": [convection(20.0, 300.0)]}],
    )
    check_ledger(solution)
