"""Laws of what lies between two regions, in `LAWS`: each class says what a case states of it, what it drops and how
that is reported."""

from typing import Literal

from pydantic import model_validator

from oxycell.options import Name, Quantity, fraction, non_negative, option, positive
from oxycell.physics.electrode.booking import GIVEN, InterfaceLaw, Place, part_option
from oxycell.physics.electrode.carbon import COVERED_UP_TO, coverage_at
from oxycell.physics.electrode.drops import (
    ASINH,
    BUBBLE_LAYER,
    BUTLER_VOLMER,
    CONCENTRATION,
    LIMITING_CURRENT,
    LINEAR,
    RESISTANCE,
    REST,
    REVERSIBLE_HEAT,
    TAFEL,
)
from oxycell.physics.electrode.kinetics import PER_DECADE


class Contact(InterfaceLaw):
    """Contact resistance to current and heat; its Joule heat is released half on each surface."""

    branch = RESISTANCE
    default_part = "contacts"
    kind: Literal["contact"] = "contact"
    electric: Quantity["ohm m2"] = non_negative("electric contact resistance, area specific", 0.0)
    thermal: Quantity["K m2/W"] = non_negative("thermal contact resistance, area specific", 0.0)
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "half")

    def numbers(self) -> tuple[float, ...] | None:
        """R'' [ohm m²]."""
        return (self.electric,) if self.electric > 0.0 else None


class Insulation(InterfaceLaw):
    """No current crosses."""

    kind: Literal["insulation"] = "insulation"


class Equilibrium(InterfaceLaw):
    """Equilibrium potential difference, first minus second: a number, or the reversible potential of [process]."""

    branch = REST
    once = "equilibrium"
    default_part = "reversible"
    kind: Literal["equilibrium"] = "equilibrium"
    potential: Quantity["V"] | None = option(
        "equilibrium potential; default: the reversible potential of [process]", None
    )
    part: Name | None = part_option(default_part, "")

    def numbers(self) -> tuple[float, ...]:
        """Equilibrium potential [V]."""
        return (GIVEN if self.potential is None else self.potential,)

    @property
    def given(self) -> str | None:
        """The reversible potential of the process, where none is stated."""
        return "reversible_potential" if self.potential is None else None


class ReversibleHeat(InterfaceLaw):
    """Heat taken up by the electrode reaction, −share · Π · J, Π the entropic voltage of [process]."""

    branch = REVERSIBLE_HEAT
    once = "reversible_heat"
    kind: Literal["reversible_heat"] = "reversible_heat"
    share: float = fraction("share of the cell reaction's reversible heat that belongs to this electrode")
    heat: Place = option("surface from which it is taken", "first")

    def numbers(self) -> tuple[float, ...] | None:
        """Π [V], share."""
        return (GIVEN, self.share) if self.share > 0.0 else None

    @property
    def given(self) -> str | None:
        """The entropic voltage of the process."""
        return "peltier_voltage"


class Asinh(InterfaceLaw):
    """Activation overpotential η = R T/(n F) · asinh(J/(2 J0)): linear at small, Tafel at large currents."""

    branch = ASINH
    linear = False
    once = "kinetics"
    default_part = "anode_activation"
    kind: Literal["asinh"] = "asinh"
    exchange_current_density: Quantity["A/m2"] = positive("exchange current density J0")
    transfer_number: float = option("number n_α in the slope R T/(n_α F)", gt=0.0)
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "first")

    def numbers(self) -> tuple[float, ...]:
        """J0 [A/m²], n."""
        return self.exchange_current_density, self.transfer_number


class ButlerVolmer(InterfaceLaw):
    """Activation overpotential from J = J0 (exp(α_a F η/RT) − exp(−α_c F η/RT)), solved for η."""

    branch = BUTLER_VOLMER
    linear = False
    once = "kinetics"
    default_part = "anode_activation"
    kind: Literal["butler_volmer"] = "butler_volmer"
    exchange_current_density: Quantity["A/m2"] = positive("exchange current density J0")
    anodic: float = option("apparent anodic transfer coefficient", gt=0.0)
    cathodic: float = option("apparent cathodic transfer coefficient", gt=0.0)
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "first")

    def numbers(self) -> tuple[float, ...]:
        """J0 [A/m²], α_a, α_c."""
        return self.exchange_current_density, self.anodic, self.cathodic


class Linear(InterfaceLaw):
    """Activation overpotential with a constant slope, η = R'' J: kinetics close to equilibrium, or a line fitted to
    measurements."""

    branch = LINEAR
    once = "kinetics"
    default_part = "anode_activation"
    kind: Literal["linear"] = "linear"
    resistance: Quantity["ohm m2"] | None = option("slope dη/dJ, the charge-transfer resistance R''", None, gt=0.0)
    exchange_current_density: Quantity["A/m2"] | None = option("instead of it: J0 in R'' = R T/(n F J0)", None, gt=0.0)
    transfer_number: float | None = option(
        "number n in R'' = R T/(n F J0): the sum of both transfer coefficients", None, gt=0.0
    )
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "first")

    @model_validator(mode="after")
    def _one_form(self):
        stated = self.exchange_current_density is not None, self.transfer_number is not None
        if (self.resistance is not None) == any(stated) or stated[0] != stated[1]:
            raise ValueError("needs resistance, or exchange_current_density and transfer_number")
        return self

    def numbers(self) -> tuple[float, ...]:
        """J0 [A/m²] and n, 1 where R'' is stated, and then b [V], else 0, of η = b J/(n J0)."""
        return self.exchange_current_density or 1.0, self.transfer_number or 1.0, self.resistance or 0.0


class Tafel(InterfaceLaw):
    """Tafel's law η = b ln(|J|/J0) against the current, exact above e·J0; below, where it would change its sign, b J/(e
    J0)."""

    branch = TAFEL
    linear = False
    once = "kinetics"
    default_part = "anode_activation"
    kind: Literal["tafel"] = "tafel"
    exchange_current_density: Quantity["A/m2"] = option(
        "exchange current density J0, where the Tafel line meets 0", gt=0.0
    )
    slope: Quantity["V"] | None = option(
        "Tafel slope per decade of current, b ln 10, the same at every temperature", None, gt=0.0
    )
    transfer_number: float | None = option("instead of it: number n in b = R T/(n F)", None, gt=0.0)
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "first")

    @model_validator(mode="after")
    def _one_form(self):
        if (self.slope is None) == (self.transfer_number is None):
            raise ValueError("needs one of slope and transfer_number")
        return self

    def numbers(self) -> tuple[float, ...]:
        """J0 [A/m²], n, 1 where the slope is stated, and then b [V], else 0, of η = b/n ln(|J|/J0)."""
        return self.exchange_current_density, self.transfer_number or 1.0, (self.slope or 0.0) * PER_DECADE


class Resistance(InterfaceLaw):
    """Ohmic drop J · R'': oxide scale, or a bubble layer under downward faces."""

    branch = RESISTANCE
    default_part = "anode_film"
    kind: Literal["resistance"] = "resistance"
    resistance: Quantity["ohm m2"] = non_negative("area-specific resistance R''")
    facing: Literal["any", "down", "up", "side"] = option(
        "acts only where the first region's face faces this way", "any"
    )
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "first")

    def numbers(self) -> tuple[float, ...]:
        """R'' [ohm m²]."""
        return (self.resistance,)

    @property
    def looks(self) -> str:
        """As stated."""
        return self.facing


class Concentration(InterfaceLaw):
    """Concentration overpotential (b/8) · ln(1 + (J/J1)⁸) for J > 0, else 0, with b = slope · T."""

    branch = CONCENTRATION
    linear = False
    once = "concentration"
    default_part = "cathode_concentration"
    kind: Literal["concentration"] = "concentration"
    slope: Quantity["V/K"] = non_negative("b divided by the absolute temperature")
    threshold: Quantity["A/m2"] = positive("current density J1 above which it increases")
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "second")

    def numbers(self) -> tuple[float, ...]:
        """b/T [V/K], J1 [A/m²]."""
        return self.slope, self.threshold


class LimitingCurrent(InterfaceLaw):
    """Concentration overpotential (RT/nF) · ln(Jc/(Jc − J)) at a limiting current Jc, on linearly above 0.95 Jc."""

    branch = LIMITING_CURRENT
    linear = False
    once = "limiting_current"
    default_part = "anode_concentration"
    kind: Literal["limiting_current"] = "limiting_current"
    limit: Quantity["A/m2"] = positive("limiting current density Jc at the temperature `at`")
    at: Quantity["K"] = positive("temperature at which Jc is stated")
    slope: Quantity["A/m2/K"] = option(
        "change of Jc with temperature; Jc is at least a twentieth of the stated value", 0.0
    )
    electrons: float = option("number n in the slope R T/(n F)", 2.0, gt=0.0)
    part: Name | None = part_option(default_part)
    heat: Place = option("surface on which its heat is released", "first")

    def numbers(self) -> tuple[float, ...]:
        """Jc [A/m²], its temperature [K] and slope [A/m²/K], n."""
        return self.limit, self.at, self.slope, self.electrons


class BubbleLayer(InterfaceLaw):
    """CO2 bubbles under downward carbon faces, after Haupin: what the layer adds to the drop of clean bath in its
    place."""

    branch = BUBBLE_LAYER
    linear = False
    once = "bubble_layer"
    default_part = "bubbles"
    kind: Literal["bubble_layer"] = "bubble_layer"
    coverage_offset: float = option("what the bath's composition adds to the coverage at no current, 0.509")
    coverage_factor: float = option("factor on the coverage [L: a plant tool has 0.9]", 1.0, gt=0.0)
    part: Name | None = part_option(default_part)
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

    def numbers(self) -> tuple[float, ...]:
        """Conductivity of the bath [S/m], factor and offset of the coverage."""
        return GIVEN, self.coverage_factor, self.coverage_offset

    @property
    def given(self) -> str | None:
        """Conductivity of the second region."""
        return "conductivity"

    @property
    def looks(self) -> str:
        """Bubbles gather under downward faces."""
        return "down"


LAWS: dict[str, type[InterfaceLaw]] = {
    "contact": Contact,
    "insulation": Insulation,
    "equilibrium": Equilibrium,
    "reversible_heat": ReversibleHeat,
    "asinh": Asinh,
    "butler_volmer": ButlerVolmer,
    "linear": Linear,
    "tafel": Tafel,
    "resistance": Resistance,
    "concentration": Concentration,
    "limiting_current": LimitingCurrent,
    "bubble_layer": BubbleLayer,
}
"""Every law that an interface can have, by its kind: a new one takes a class, a branch of `drop` and its line here
(`docs/adding-an-electrode-law.md`)."""
