"""The shipped Hull cell: primary current distribution against the conformal map of its trapezoid."""

import warnings

import numpy as np
import pytest
from scipy.integrate import IntegrationWarning, quad
from scipy.optimize import brentq

import oxycell

LONG, SHORT, WIDE, DEPTH, KAPPA = 0.127, 0.0476, 0.0635, 0.0482, 20.0
PANEL = np.hypot(LONG - SHORT, WIDE)


class Trapezoid:
    """Schwarz–Christoffel map of the half plane to the trapezoid, and to the rectangle in which the field is even.

    Corners: anode and long wall 0, long wall and cathode 1, cathode and short wall m, short wall and anode at infinity.
    With interior angles π a_k both derivatives are products of (ζ − ζ_k) to the powers a_k − 1, and −1/2 for the
    rectangle; the current density on the cathode is their ratio. Driscoll & Trefethen (2002), Schwarz–Christoffel
    Mapping, ch. 2 and 4.
    """

    def __init__(self):
        self.far = np.arctan2(WIDE, LONG - SHORT) / np.pi
        self.near = 1.0 - self.far
        self.m = brentq(lambda m: self.wall(m) / self.cathode(m) - LONG / PANEL, 1.0001, 1e4, xtol=1e-14)
        self.scale = PANEL / self.cathode(self.m)
        self.even = weighted(1.0, self.m, -0.5, -0.5, lambda z: z**-0.5)

    def wall(self, m):
        return weighted(0.0, 1.0, -0.5, self.far - 1.0, lambda z: (m - z) ** (self.near - 1.0))

    def cathode(self, m):
        return weighted(1.0, m, self.far - 1.0, self.near - 1.0, lambda z: z**-0.5)

    def short_wall(self):
        near, far = self.near - 1.0, self.far - 1.0
        rest = quad(lambda z: z**-0.5 * (z - 1.0) ** far * (z - self.m) ** near, 2.0 * self.m, np.inf, epsrel=1e-12)[0]
        return self.scale * (weighted(self.m, 2.0 * self.m, near, 0.0, lambda z: z**-0.5 * (z - 1.0) ** far) + rest)

    def resistance(self):
        """Times conductivity and depth."""
        return weighted(0.0, 1.0, -0.5, -0.5, lambda z: (self.m - z) ** -0.5) / self.even

    def share(self, place):
        """Part of the current that reaches the cathode between its near end and a place [m] from there."""

        def beyond(z):
            return self.scale * weighted(
                1.0, z, self.far - 1.0, 0.0, lambda q: (self.m - q) ** (self.near - 1.0) * q**-0.5
            )

        z = brentq(lambda z: PANEL - beyond(z) - place, 1.0 + 1e-12, self.m - 1e-9, xtol=1e-14)
        return 1.0 - weighted(1.0, z, -0.5, 0.0, lambda q: (self.m - q) ** -0.5 * q**-0.5) / self.even


def weighted(low, high, first, last, rest):
    """∫ (z − low)^first (high − z)^last rest(z) dz."""
    with warnings.catch_warnings(
        action="ignore", category=IntegrationWarning
    ):  # at round-off; `test_map_closes` judges
        return quad(rest, low, high, weight="alg", wvar=(first, last), epsabs=0.0, epsrel=1e-10)[0]


@pytest.fixture(scope="module")
def trapezoid():
    return Trapezoid()


def plated(solution):
    """Places along the cathode from its near end [m] and currents there [A], of all its faces."""
    mesh, electric = solution.mesh, solution.record["electric"]
    face = electric["face"]
    regions = np.array(mesh.region_names)[mesh.region]
    neighbour = mesh.neighbour[face]
    inner = np.flatnonzero(neighbour >= 0)
    pair = np.stack([regions[mesh.owner[face[inner]]], regions[neighbour[inner]]])
    at = inner[(pair == "cathode").any(0) & (pair == "electrolyte").any(0)]
    centre = mesh.face_centre[face[at]]
    return np.hypot(centre[:, 0] - SHORT, centre[:, 1] - WIDE), np.abs(electric["current"][at])


def test_map_closes(trapezoid):
    """Of its four sides two were fitted by one parameter and one scale; the third comes out by itself."""
    assert trapezoid.short_wall() == pytest.approx(SHORT, rel=1e-9)


def test_primary_distribution(trapezoid):
    """No overpotential: the resistance, and the current up to five places of the panel."""
    fast = oxycell.load("hull-cell").replaced({"interfaces.0.laws": [], "interfaces.1.laws": []})
    solution = oxycell.solve(fast)
    found = oxycell.report(solution)["voltage"]["parts"]["electrolyte"]
    assert found == pytest.approx(trapezoid.resistance() / (KAPPA * DEPTH), rel=3e-3)
    place, current = plated(solution)
    order = np.argsort(place)
    passed = np.cumsum(current[order])
    assert passed[-1] == pytest.approx(1.0, rel=1e-9)
    width = 0.5 * (place[order][1:] + place[order][:-1])  # ends of the faces
    for k in np.searchsorted(width, (0.01, 0.02, 0.04, 0.06, 0.08)):
        assert passed[k] == pytest.approx(trapezoid.share(width[k]), rel=1e-2)


def test_kinetics_even_the_distribution_out(trapezoid):
    solution = oxycell.solve(oxycell.load("hull-cell"))
    place, current = plated(solution)
    near = current[place < 0.02].sum()
    assert 0.02 / PANEL < near < trapezoid.share(0.02) - 0.005
    assert oxycell.report(solution)["voltage"]["parts"]["electrolyte"] < trapezoid.resistance() / (KAPPA * DEPTH) * 1.01
