"""Currents through faces: half cells in series with the laws of interfaces, and the heat within the cells."""

from numba import njit

from oxycell.physics.interfaces import current_density


@njit(cache=True)
def half_cells(owner, neighbour, distance, conductivity, half):
    """Resistance of both half cells of every face, distance over conductivity.

    Parameters
    ----------
    owner, neighbour : (m,) int; distance : (m, 2) [m]
    conductivity : (n_cells,) [S/m]; half : (m, 2) [ohm m²], out
    """
    for f in range(owner.size):
        half[f, 0], half[f, 1] = distance[f, 0] / conductivity[owner[f]], distance[f, 1] / conductivity[neighbour[f]]


@njit(cache=True)
def heat_within(owner, neighbour, current, density, half, heat):
    """Joule heat of both half cells of every face, added to their cells: heat (n_cells,) [W]; the rest: see Currents."""
    for f in range(owner.size):
        made = current[f] * density[f]
        heat[owner[f]] += made * half[f, 0]
        heat[neighbour[f]] += made * half[f, 1]


@njit(cache=True)
def face_currents(a, b, phi, half, extra, law_of_face, sign, resistance, rest, kinetics, exchange, anodic, cathodic,
                  thermal_voltage, concentration_slope, threshold, limiting, layer, density, slope):
    """Current density through every face of the electric domain.

    Parameters
    ----------
    a, b : (m,) int, rows of the potentials on both sides
    phi : (n,) [V]
    half : (m, 2) [ohm m²], half cells; extra : (m,) [ohm m²]
    law_of_face : (m,) int, row of the arrays that follow, −1: none
    sign, resistance, rest, kinetics, exchange, anodic, cathodic, thermal_voltage, concentration_slope, threshold : see LawStack
    limiting, layer : see Currents
    density : (m,) [A/m²], out, from a to b
    slope : (m,) [S/m²], out, derivative of the density to phi[a] − phi[b]

    Notes
    -----
    Half cells in series with the interface laws; exact for piecewise linear potentials on orthogonal faces.
    """
    for f in range(a.size):
        drop = phi[a[f]] - phi[b[f]]
        total = half[f, 0] + half[f, 1] + extra[f]
        k = law_of_face[f]
        if k < 0:
            density[f], slope[f] = drop / total, 1.0 / total
            continue
        total += resistance[k]
        J, g = current_density(sign[k] * drop - rest[k], total, kinetics[k], exchange[k], anodic[k], cathodic[k],
                               thermal_voltage[k], concentration_slope[k], threshold[k], limiting[k], layer[k])
        density[f], slope[f] = sign[k] * J, g
