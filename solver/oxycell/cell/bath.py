"""The electrolyte: bookkeeping of its composition, and liquidus, saturation, conductivity, density as functions of
it."""

from functools import partial
from typing import Literal

import numpy as np
from pydantic import model_validator

from oxycell.arrays import Floats
from oxycell.cell.bath_models import CONDUCTIVITY, DENSITY, DISSOLVED, LIQUIDUS, SATURATION, VISCOSITY
from oxycell.cell.current_efficiency import outside
from oxycell.cell.electrochemistry import alumina_activity
from oxycell.constants import MOLAR_MASS, ZERO_CELSIUS
from oxycell.material import Constant, Formula, Material, Scaled
from oxycell.options import Options, option

_M = MOLAR_MASS
_SODIUM_FLUORIDE = 3.0 * _M["NaF"] / _M["Na3AlF6"]  # 0.600 of cryolite by weight
_POTASSIUM_CRYOLITE = _M["K3AlF6"] / (3.0 * _M["KF"])  # K3AlF6 that KF makes


class Bath(Options):
    """An electrolyte, by weight percent of what is added to cryolite; the rest is cryolite, Na3AlF6.

    `excess_alf3` counts from sodium cryolite: KF–AlF3 of cryolite ratio 1.3 is kf 47.3, excess_alf3 52.7 and no
    cryolite.
    """

    excess_alf3: float = option("AlF3 in excess of cryolite, wt %", ge=0.0, le=60.0)
    alumina: float = option("dissolved Al2O3, wt %", ge=0.0, le=15.0)
    caf2: float = option("CaF2, wt %", 0.0, ge=0.0, le=20.0)
    lif: float = option("LiF, wt %", 0.0, ge=0.0, le=20.0)
    mgf2: float = option("MgF2, wt %", 0.0, ge=0.0, le=10.0)
    kf: float = option("KF, wt %", 0.0, ge=0.0, le=75.0)
    conductivity_model: Literal[
        "hives1996", "hives1993", "wang1992", "wang_plant", "choudhary1973", "arkhipov2021", "chrenkova", "kf_alf3"
    ] = option("correlation of the electrical conductivity", "hives1996")
    liquidus_model: Literal["solheim1996", "jmm2014", "na_k", "kf_alf3"] = option(
        "correlation of the liquidus", "solheim1996"
    )
    saturation_model: Literal["skybakmoen1997", "kf_alf3"] = option(
        "correlation of alumina saturation", "skybakmoen1997"
    )
    density_model: Literal["kvande1985", "naalf4_kalf4"] = option("correlation of the density", "kvande1985")
    activity_model: Literal["haupin", "power"] = option("activity of alumina against relative saturation", "haupin")
    conductivity_factor: float = option("factor on the electrical conductivity, to calibrate or vary it", 1.0, gt=0.0)

    @model_validator(mode="after")
    def _adds_up(self):
        if self.cryolite < -1e-9:
            raise ValueError("the additions come to more than 100 wt %; allowed: at most 100, the rest is cryolite")
        if self.excess_alf3 + self.cryolite <= 0.0:
            raise ValueError("a bath without AlF3; allowed: cryolite or excess_alf3 above 0")
        return self

    @property
    def cryolite(self) -> float:
        """Na3AlF6 [wt %], what the additions leave."""
        return 100.0 - self.excess_alf3 - self.alumina - self.caf2 - self.lif - self.mgf2 - self.kf

    @property
    def weight_ratio(self) -> float:
        """NaF over AlF3 by weight, BR."""
        sodium = _SODIUM_FLUORIDE * self.cryolite
        return sodium / (self.cryolite - sodium + self.excess_alf3)

    @property
    def cryolite_ratio(self) -> float:
        """NaF over AlF3 by moles, CR."""
        return self.weight_ratio * _M["AlF3"] / _M["NaF"]

    @property
    def total_cryolite_ratio(self) -> float:
        """NaF, KF and LiF over AlF3 by moles."""
        sodium = _SODIUM_FLUORIDE * self.cryolite
        fluoride = (self.cryolite - sodium + self.excess_alf3) / _M["AlF3"]
        return (sodium / _M["NaF"] + self.kf / _M["KF"] + self.lif / _M["LiF"]) / fluoride

    @property
    def potassium_ratio(self) -> float:
        """100 K3AlF6/(Na3AlF6 + K3AlF6) by weight, all KF taken as K3AlF6."""
        potassium = _POTASSIUM_CRYOLITE * self.kf
        total = potassium + self.cryolite
        return 100.0 * potassium / total if total > 0.0 else 0.0

    @property
    def free_alf3(self) -> float:
        """AlF3 beyond both cryolites, wt % of the melt Na3AlF6–K3AlF6–AlF3."""
        melt = self.cryolite + self.excess_alf3 + self.kf
        return 100.0 * (self.excess_alf3 - (_POTASSIUM_CRYOLITE - 1.0) * self.kf) / melt

    def liquidus(self) -> float:
        """Temperature [K] at which the first crystals form on cooling."""
        return LIQUIDUS[self.liquidus_model].function(self) + ZERO_CELSIUS

    def saturation(self, T):
        """Alumina the bath can dissolve at T (n,) [K]: [wt %] and slope [wt %/K]."""
        return SATURATION[self.saturation_model].function(self, np.asarray(T, dtype=float))

    def activity(self, T):
        """Activity of the alumina in the bath against α-alumina at T (n,) [K], and slope [1/K]; composition fixed."""
        saturated, saturated_slope = self.saturation(T)
        ratio = self.alumina / saturated
        activity, slope = alumina_activity(ratio, self.activity_model)
        return activity, -slope * ratio * saturated_slope / saturated

    def dissolved_aluminium(self, T):
        """Aluminium the bath dissolves where it touches the metal, at T (n,) [K]: [wt %] and slope [wt %/K]."""
        return DISSOLVED.function(self, np.asarray(T, dtype=float))

    def viscosity(self, T):
        """Viscosity at T (n,) [K]: [Pa s] and slope [Pa s/K]."""
        return VISCOSITY.function(self, np.asarray(T, dtype=float))

    @property
    def conductivity(self):
        """Electrical conductivity, a Property [S/m] of the gas-free bath."""
        formula = self._formula(CONDUCTIVITY[self.conductivity_model], "S/m")
        return formula if self.conductivity_factor == 1.0 else Scaled(formula, self.conductivity_factor)

    @property
    def density(self):
        """Density, a Property [kg/m³]."""
        return self._formula(DENSITY[self.density_model], "kg/m3")

    def _formula(self, model, unit):
        return Formula(
            partial(model.function, self), unit, model.lower, model.upper, model.source, model.basis, model.hold
        )

    @property
    def heat_capacity(self) -> float:
        """Heat capacity of the melt [J/kg/K]: 1800 with sodium [L]; a mole of K3AlF6 takes as much as one of Na3AlF6
        [E: Kopp]."""
        return 1800.0 * self._per_mole

    @property
    def latent_heat(self) -> float:
        """Heat of melting [J/kg]: 5.2e5 with sodium [L: 5.1 to 5.7e5, JANAF and Dewing 1997]; per mole the same with
        potassium [E]."""
        return 5.2e5 * self._per_mole

    @property
    def _per_mole(self):
        potassium = min(_POTASSIUM_CRYOLITE * self.kf, 100.0) / 100.0
        return 1.0 - potassium * (1.0 - _M["Na3AlF6"] / _M["K3AlF6"])

    def material(self) -> Material:
        """The bath as material "bath"."""
        return Material(
            "bath",
            self.conductivity,
            Constant(0.8, "W/m/K", "Khokhlov, Filatov, Solheim & Thonstad, Light Metals 1998; 0.5 to 1.1", "M"),
            self.density,
            Constant(
                self.heat_capacity,
                "J/kg/K",
                "cryolite 1884 in JANAF, 1767 and 1861 to 1881 in public models; K by mole",
                "L",
            ),
            "thermal conductivity of the melt at rest; a stirred bath is a pool",
        )

    def warnings(self, T, without=()) -> list[str]:
        """One line for each model used outside what its source gives, by the composition or by T (n,) [K].

        Models named in `without` are not asked: "density", "dissolved aluminium" where nothing uses them.
        """
        T = np.atleast_1d(np.asarray(T, dtype=float))
        models = (
            ("conductivity", self.conductivity_model, CONDUCTIVITY[self.conductivity_model]),
            ("liquidus", self.liquidus_model, LIQUIDUS[self.liquidus_model]),
            ("alumina saturation", self.saturation_model, SATURATION[self.saturation_model]),
            ("density", self.density_model, DENSITY[self.density_model]),
            ("dissolved aluminium", "yoshida1972", DISSOLVED),
        )
        found = []
        for what, name, model in models:
            if what in without:
                continue
            start = f"bath: {what} model {name}"
            farthest = float(T.min()) if model.lower - T.min() >= T.max() - model.upper else float(T.max())
            found += outside(start, "temperature", farthest, model.lower, model.upper, " K")
            for quantity, (low, high) in model.limits.items():
                label, unit = _LABELS[quantity]
                found += outside(start, label, getattr(self, quantity), low, high, unit)
        least = float(np.min(self.saturation(T)[0]))
        if self.alumina > least:
            found.append(
                f"bath: alumina {self.alumina:g} wt % lies {self.alumina - least:.2g} above saturation, "
                f"{least:.3g} wt %"
            )
        return found


SOLUTES = ("excess_alf3", "alumina", "caf2", "lif", "mgf2", "kf")
"""What a bath has besides cryolite, by the names of the options of Bath."""


def composition(bath: Bath, solutes: Floats, mass: float) -> Bath:
    """The Bath with masses of `SOLUTES` (k,) [kg] in a mass [kg] of it."""
    return bath.model_copy(update=dict(zip(SOLUTES, (100.0 * solutes / mass).tolist(), strict=True)))


_LABELS = {
    "excess_alf3": ("excess AlF3", " wt %"),
    "alumina": ("alumina", " wt %"),
    "cryolite": ("cryolite", " wt %"),
    "caf2": ("CaF2", " wt %"),
    "lif": ("LiF", " wt %"),
    "mgf2": ("MgF2", " wt %"),
    "kf": ("KF", " wt %"),
    "free_alf3": ("free AlF3", " wt %"),
    "cryolite_ratio": ("cryolite ratio", ""),
    "total_cryolite_ratio": ("cryolite ratio with KF and LiF", ""),
    "potassium_ratio": ("share of K3AlF6", " wt %"),
}
"""How warnings call the numbers that correlations are limited in."""
