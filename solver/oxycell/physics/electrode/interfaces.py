"""Laws between two regions: contacts, films, electrode kinetics; drops in series, each with its slopes.

Current density J > 0 flows from the first region of an interface to the second. Every law is odd or
one-sided, monotone and C¹ for all real J.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from oxycell.errors import CaseError
from oxycell.kernel import inner_kernel, kernel
from oxycell.mesh.where import Where, facing_mask
from oxycell.options import Name, Options, Quantity, fraction, non_negative, option, positive
from oxycell.physics.electrode.booking import PLACES, Place, part_option
from oxycell.physics.electrode.carbon import COVERED_UP_TO, coverage_at, drop_bubbles, overpotential_limiting
from oxycell.physics.electrode.kinetics import (
    ASINH,
    KINETICS,
    LINEAR,
    TAFEL,
    Linear,
    Tafel,
    current_at_overpotential,
    overpotential_tafel,
)


class Contact(Options):
    """Contact resistance to current and heat; its Joule heat is released half on each surface."""

    kind: Literal["contact"] = "contact"
    electric: Quantity["ohm m2"] = non_negative("electric contact resistance, area specific", 0.0)
    thermal: Quantity["K m2/W"] = non_negative("thermal contact resistance, area specific", 0.0)
    part: Name | None = part_option("contact")
    heat: Place = option("surface on which its heat is released", "half")


class Insulation(Options):
    """No current crosses."""

    kind: Literal["insulation"] = "insulation"


class Equilibrium(Options):
    """Equilibrium potential difference, first minus second: a number, or the reversible potential of [process]."""

    kind: Literal["equilibrium"] = "equilibrium"
    potential: Quantity["V"] | None = option(
        "equilibrium potential; default: the reversible potential of [process]", None
    )
    part: Name | None = part_option("equilibrium")


class ReversibleHeat(Options):
    """Heat taken up by the electrode reaction, −share · Π · J, Π the entropic voltage of [process]."""

    kind: Literal["reversible_heat"] = "reversible_heat"
    share: float = fraction("share of the cell reaction's reversible heat that belongs to this electrode")
    heat: Place = option("surface from which it is taken", "first")


class Asinh(Options):
    """Activation overpotential η = R T/(n F) · asinh(J/(2 J0)): linear at small, Tafel at large currents."""

    kind: Literal["asinh"] = "asinh"
    exchange_current_density: Quantity["A/m2"] = positive("exchange current density J0")
    transfer_number: float = option("number n_α in the slope R T/(n_α F)", gt=0.0)
    part: Name | None = part_option("asinh")
    heat: Place = option("surface on which its heat is released", "first")


class ButlerVolmer(Options):
    """Activation overpotential from J = J0 (exp(α_a F η/RT) − exp(−α_c F η/RT)), solved for η."""

    kind: Literal["butler_volmer"] = "butler_volmer"
    exchange_current_density: Quantity["A/m2"] = positive("exchange current density J0")
    anodic: float = option("apparent anodic transfer coefficient", gt=0.0)
    cathodic: float = option("apparent cathodic transfer coefficient", gt=0.0)
    part: Name | None = part_option("butler_volmer")
    heat: Place = option("surface on which its heat is released", "first")


class Resistance(Options):
    """Ohmic drop J · R'': oxide scale, or a bubble layer under downward faces."""

    kind: Literal["resistance"] = "resistance"
    resistance: Quantity["ohm m2"] = non_negative("area-specific resistance R''")
    facing: Literal["any", "down", "up", "side"] = option(
        "acts only where the first region's face faces this way", "any"
    )
    part: Name | None = part_option("resistance")
    heat: Place = option("surface on which its heat is released", "first")


class Concentration(Options):
    """Concentration overpotential (b/8) · ln(1 + (J/J1)⁸) for J > 0, else 0, with b = slope · T."""

    kind: Literal["concentration"] = "concentration"
    slope: Quantity["V/K"] = non_negative("b divided by the absolute temperature")
    threshold: Quantity["A/m2"] = positive("current density J1 above which it increases")
    part: Name | None = part_option("concentration")
    heat: Place = option("surface on which its heat is released", "second")


class LimitingCurrent(Options):
    """Concentration overpotential (RT/nF) · ln(Jc/(Jc − J)) at a limiting current Jc, on linearly above 0.95 Jc."""

    kind: Literal["limiting_current"] = "limiting_current"
    limit: Quantity["A/m2"] = positive("limiting current density Jc at the temperature `at`")
    at: Quantity["K"] = positive("temperature at which Jc is stated")
    slope: Quantity["A/m2/K"] = option(
        "change of Jc with temperature; Jc is at least a twentieth of the stated value", 0.0
    )
    electrons: float = option("number n in the slope R T/(n F)", 2.0, gt=0.0)
    part: Name | None = part_option("limiting_current")
    heat: Place = option("surface on which its heat is released", "first")


class BubbleLayer(Options):
    """CO2 bubbles under downward carbon faces, after Haupin: what the layer adds to the drop of clean bath in its
    place."""

    kind: Literal["bubble_layer"] = "bubble_layer"
    coverage_offset: float = option("what the bath's composition adds to the coverage at no current, 0.509")
    coverage_factor: float = option("factor on the coverage [L: a plant tool has 0.9]", 1.0, gt=0.0)
    part: Name | None = part_option("bubble_layer")
    heat: Place = option("surface on which its heat is released; pool: the bath", "pool")

    @model_validator(mode="after")
    def _covers_a_part(self):
        share = coverage_at(COVERED_UP_TO, self.coverage_factor, self.coverage_offset)
        if not 0.0 <= coverage_at(0.0, self.coverage_factor, self.coverage_offset) or share > 0.95:
            raise ValueError(
                f"bubbles cover {share:.3g} of a face at 1.5 A/cm2; allowed: up to 0.95, and no less than 0 at zero "
                f"current"
            )
        return self


Law = Annotated[
    Contact
    | Insulation
    | Equilibrium
    | ReversibleHeat
    | Asinh
    | ButlerVolmer
    | Linear
    | Tafel
    | Resistance
    | Concentration
    | LimitingCurrent
    | BubbleLayer,
    Field(discriminator="kind"),
]


class Interface(Options):
    """All faces between two sets of regions, or those of named surfaces inside a mesh file, with laws in series."""

    name: Name = option("name of the interface")
    between: tuple[str, str] = option('first and second region, as names or patterns such as "anode_*.plate"')
    on: tuple[str, ...] | None = option(
        "internal surfaces of a mesh file to which it is limited; both sides may be one region", None, min_length=1
    )
    where: Where | None = option(
        "limits it to faces in an extent, or facing in a direction, out of the first region", None
    )
    laws: tuple[Law, ...] = option("laws in series between the two surfaces")
    optional: bool = option(
        "True allows that no face matches, for patterns of parts that only some variants have", False
    )
    temperature_side: Literal["first", "second"] = option(
        "side whose temperature the electrode laws use; laws of [process] use that of the electrolyte lump", "second"
    )


@dataclass(frozen=True)
class LawStack:
    """The laws of all interfaces as arrays over the faces they act on.

    Attributes
    ----------
    face : (m,) int, position among the faces of the electric domain
    interface : (m,) int, which interface
    sign : (m,) +1 where the owner is on the first side, −1 where it is on the second
    temperature_cell : (m,) int, cell whose temperature the electrode laws take
    resistance : (m,) [ohm m²], of all drops proportional to J
    equilibrium : (m,) [V], fixed equilibrium potential; NaN: the reversible potential of the process; 0 where there is
        none
    kinetics : (m,) int, 0 none, else as in `KINETICS`
    exchange, anodic, cathodic : (m,) [A/m²], [1], [1]; those with one number have it in `anodic`
    kinetic_voltage : (m,) [V], of linear and Tafel kinetics in place of R T/F where it is stated, else 0
    reversible_place : (m,) int, see PLACES
    concentration_slope, concentration_threshold : (m,) [V/K], [A/m²]
    reversible_share : (m,)
    limit, limit_at, limit_slope, limit_electrons : (m,) [A/m²], [K], [A/m²/K], [1]; limit 0: none
    coverage_factor, coverage_offset : (m,), of the bubble layer; factor 0: none
    """

    face: np.ndarray
    interface: np.ndarray
    sign: np.ndarray
    temperature_cell: np.ndarray
    resistance: np.ndarray
    equilibrium: np.ndarray
    kinetics: np.ndarray
    exchange: np.ndarray
    anodic: np.ndarray
    cathodic: np.ndarray
    kinetic_voltage: np.ndarray
    concentration_slope: np.ndarray
    concentration_threshold: np.ndarray
    reversible_share: np.ndarray
    reversible_place: np.ndarray
    limit: np.ndarray
    limit_at: np.ndarray
    limit_slope: np.ndarray
    limit_electrons: np.ndarray
    coverage_factor: np.ndarray
    coverage_offset: np.ndarray

    def limiting_current(self, T):
        """Limiting current density at T (m,) [K]: (m,) [A/m²], 0 where there is none."""
        return np.maximum(self.limit + self.limit_slope * (T - self.limit_at), 0.05 * self.limit)


def stack_laws(interfaces, face, interface, sign, temperature_cell, facing):
    """Arrays of all laws over the faces they act on.

    Parameters
    ----------
    interfaces : sequence of Interface
    face, interface, sign, temperature_cell : (m,), as in LawStack
    facing : (m,) float, upward component of the normal that leaves the first region

    Returns
    -------
    LawStack

    Raises
    ------
    CaseError
        An interface has two laws of a kind that is allowed only once.
    """
    m = face.size
    columns = {
        name: np.zeros(m)
        for name in (
            "equilibrium",
            "exchange",
            "anodic",
            "cathodic",
            "kinetic_voltage",
            "concentration_slope",
            "concentration_threshold",
            "reversible_share",
            "limit",
            "limit_at",
            "limit_slope",
            "limit_electrons",
            "coverage_factor",
            "coverage_offset",
        )
    }
    columns |= {name: np.zeros(m, np.int64) for name in ("kinetics", "reversible_place")}
    columns["exchange"][:] = columns["anodic"][:] = columns["cathodic"][:] = columns["concentration_threshold"][:] = 1.0
    columns["limit_electrons"][:] = 1.0
    resistance = np.zeros(m)
    for number, spec in enumerate(interfaces):
        here = interface == number
        once = [
            "kinetics" if law.kind in KINETICS else law.kind
            for law in spec.laws
            if law.kind not in ("contact", "resistance", "insulation")
        ]
        for kind in once:
            if once.count(kind) > 1:
                raise CaseError(f"interfaces: {spec.name!r} has more than one law of the kind {kind}; allowed: one")
        for law in spec.laws:
            match law.kind:
                case "contact":
                    resistance[here] += law.electric
                case "resistance":
                    resistance[here & facing_mask(law.facing, facing)] += law.resistance
                case "equilibrium":
                    columns["equilibrium"][here] = np.nan if law.potential is None else law.potential
                case "reversible_heat":
                    columns["reversible_share"][here], columns["reversible_place"][here] = law.share, PLACES[law.heat]
                case "asinh":
                    columns["kinetics"][here] = ASINH
                    columns["exchange"][here], columns["anodic"][here] = (
                        law.exchange_current_density,
                        law.transfer_number,
                    )
                case "butler_volmer":
                    columns["kinetics"][here] = KINETICS[law.kind]
                    columns["exchange"][here] = law.exchange_current_density
                    columns["anodic"][here], columns["cathodic"][here] = law.anodic, law.cathodic
                case "linear" | "tafel":
                    columns["kinetics"][here] = KINETICS[law.kind]
                    for name, value in zip(("exchange", "anodic", "kinetic_voltage"), law.numbers(), strict=True):
                        columns[name][here] = value
                case "concentration":
                    columns["concentration_slope"][here], columns["concentration_threshold"][here] = (
                        law.slope,
                        law.threshold,
                    )
                case "limiting_current":
                    columns["limit"][here], columns["limit_at"][here] = law.limit, law.at
                    columns["limit_slope"][here], columns["limit_electrons"][here] = law.slope, law.electrons
                case "bubble_layer":
                    down = here & facing_mask("down", facing)
                    columns["coverage_factor"][down], columns["coverage_offset"][down] = (
                        law.coverage_factor,
                        law.coverage_offset,
                    )
    return LawStack(face, interface, sign, temperature_cell, resistance, **columns)


_TAFEL = 1e8
"""Current density over J0 from which on logarithms are taken: their argument may not fit into a number (J0 of 1e-300
A/m²)."""


@kernel
def overpotential_activation(J, kinetics, exchange, anodic, cathodic, thermal_voltage):
    """Activation overpotential of one face.

    Parameters
    ----------
    J : current density [A/m²], first to second
    kinetics : 0 none, else as in `KINETICS`
    exchange : J0 [A/m²]; anodic, cathodic : transfer number and coefficients
    thermal_voltage : R T/F, or the voltage that is stated in its place [V]

    Returns
    -------
    value [V] and slope [ohm m²]

    Notes
    -----
    asinh: η = (RT/nF) asinh(J/2J0), the inverse of J = 2 J0 sinh(nFη/RT). Butler–Volmer is inverted by Newton's
    method from the larger of its two Tafel branches, to round-off. Newman & Thomas-Alyea (2004), Electrochemical
    Systems, ch. 8. Linear: η = (RT/nF) J/J0. Tafel: `overpotential_tafel`.
    Far beyond J0 both go over into Tafel's law, with the back reaction to first order: what is left out is below
    (J0/J)² = 1e-16.
    """
    if kinetics == 0:
        return 0.0, 0.0
    if kinetics == LINEAR:
        slope = thermal_voltage / (anodic * exchange)
        return slope * J, slope
    if kinetics == TAFEL:
        return overpotential_tafel(J, exchange, thermal_voltage / anodic)
    if kinetics == ASINH:
        b = thermal_voltage / anodic
        x = J / (2.0 * exchange)
        if abs(x) > _TAFEL:
            return np.copysign(b, J) * (np.log(abs(J)) - np.log(exchange)), b / abs(J)
        return b * np.arcsinh(x), b / (2.0 * exchange * np.sqrt(1.0 + x * x))
    x = J / exchange
    if abs(x) > _TAFEL:
        a, c = (anodic, cathodic) if x > 0.0 else (cathodic, anodic)
        y = (np.log(abs(J)) - np.log(exchange)) / a
        back = np.exp(-c * y) * exchange
        return np.copysign(thermal_voltage, J) * (y + back / (a * abs(J))), thermal_voltage / (
            a * abs(J) + (a + c) * back
        )
    y = np.arcsinh(x / 2.0) / (anodic if x > 0.0 else cathodic)
    for _ in range(100):
        p, m = np.exp(anodic * y), np.exp(-cathodic * y)
        step = (x - (p - m)) / (anodic * p + cathodic * m)
        step = min(max(step, -1.0), 1.0)
        y += step
        if abs(step) <= 1e-15 * (1.0 + abs(y)):
            break
    p, m = np.exp(anodic * y), np.exp(-cathodic * y)
    return thermal_voltage * y, thermal_voltage / (exchange * (anodic * p + cathodic * m))


@kernel
def overpotential_concentration(J, b, threshold):
    """Concentration overpotential (b/8) ln(1 + (J/J1)⁸) for J > 0, else 0: value [V], slope [ohm m²].

    A smooth form of max(0, b ln(J/J1)) (Haupin, Light Metals 1998, eq. 28): at most b ln(2)/8 above it.
    """
    if J <= 0.0 or b == 0.0:
        return 0.0, 0.0
    x = J / threshold
    if x > 1e3:
        return b * np.log(x), b / J
    x8 = x**8
    return 0.125 * b * np.log1p(x8), b / J * x8 / (1.0 + x8)


@inner_kernel
def overpotential_all(J, kinetics, exchange, anodic, cathodic, thermal_voltage, b, threshold, limiting, layer):
    """Sum of all drops that are not proportional to J: value [V], slope [ohm m²]; arguments as for
    `current_density`."""
    eta, slope = overpotential_activation(J, kinetics, exchange, anodic, cathodic, thermal_voltage)
    eta_c, slope_c = overpotential_concentration(J, b, threshold)
    eta_l, slope_l = overpotential_limiting(J, limiting[0], limiting[1])
    bubbles, slope_b = drop_bubbles(J, layer[0], layer[1], layer[2])
    return eta + eta_c + eta_l + bubbles, slope + slope_c + slope_l + slope_b


@kernel
def current_density(
    drop,
    resistance,
    kinetics,
    exchange,
    anodic,
    cathodic,
    thermal_voltage,
    b,
    threshold,
    limiting,
    layer,
    nearby=np.nan,
):
    """Current density through resistances and electrode laws in series.

    Parameters
    ----------
    drop : potential difference less the equilibrium potential [V], first minus second
    resistance : sum of all area-specific resistances [ohm m²], > 0
    kinetics, exchange, anodic, cathodic, thermal_voltage : see `overpotential_activation`
    b, threshold : see `overpotential_concentration`
    limiting : (b, limit) of `overpotential_limiting`; layer : (conductivity, factor, offset) of `drop_bubbles`
    nearby : where to begin [A/m²], NaN: unknown

    Returns
    -------
    J [A/m²], the root of drop = resistance·J + η(J), η the sum of all laws, to round-off
    slope : dJ/d(drop) [S/m²]

    Notes
    -----
    The right-hand side increases strictly, so a root exists and is unique. Newton's method inside a bracket that
    shrinks at each step; a step that leaves the bracket is replaced by bisection. It begins where the laws drop what
    they would at most, if that leaves anything, else at the current that kinetics alone would let through (η is
    concave, so it then goes below the root once and increases to it), and ends with a step whose square is below
    round-off.
    """
    low, high = min(0.0, drop / resistance), max(0.0, drop / resistance)
    J = drop / resistance
    if low < nearby < high:
        J = nearby
    elif kinetics > 0:
        most, _ = overpotential_all(
            J, kinetics, exchange, anodic, cathodic, thermal_voltage, b, threshold, limiting, layer
        )
        J = (
            (drop - most) / resistance
            if (drop - most) * drop > 0.0
            else current_at_overpotential(drop, kinetics, exchange, anodic, cathodic, thermal_voltage)
        )
        J = max(low, min(high, J))
    for _ in range(200):
        eta, slope = overpotential_all(
            J, kinetics, exchange, anodic, cathodic, thermal_voltage, b, threshold, limiting, layer
        )
        excess = resistance * J + eta - drop
        step = excess / (resistance + slope)
        if abs(step) <= 1e-9 * abs(J):
            J -= step
            break
        if excess > 0.0:
            high = J
        else:
            low = J
        J -= step
        if not low < J < high:
            J = 0.5 * (low + high)
    return J, 1.0 / (resistance + slope)  # the slope one step before: wrong by that step, below 1e-9 of J
