"""Electrochemistry of the cell: reversible potential, heats and Faraday rates of its process, activity of alumina,
anode kinetics."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from oxycell.cell.current_efficiency import Given
from oxycell.cell.thermochemistry import ELECTRONS, REACTIONS, Reaction, enthalpy, heat_capacity
from oxycell.constants import FARADAY, GAS_CONSTANT, MOLAR_MASS, REFERENCE_TEMPERATURE, STANDARD_PRESSURE, faraday_rate


def alumina_activity(ratio, model="haupin"):
    """Activity of alumina in the bath against α-alumina, from the relative saturation.

    Parameters
    ----------
    ratio : scalar or (n,), alumina over saturated alumina by weight; limited to 0.05 to 1
    model : "haupin", −0.03791 r + 2.364 r² − 2.194 r³ + 0.8686 r⁴ (Haupin, Light Metals 1998, eq. 10), or "power",
        r^2.77 (older form of Haupin, and of Grjotheim & Welch 1988). At r = 0.36: 0.20 and 0.06, 22 mV apart.

    Returns
    -------
    activity, slope : like `ratio`, slope to the ratio
    """
    ratio = np.asarray(ratio, dtype=float)
    r = np.clip(ratio, 0.05, 1.0)
    if model == "haupin":
        activity = r * (-0.03791 + r * (2.364 + r * (-2.194 + r * 0.8686)))
        slope = -0.03791 + r * (4.728 + r * (-6.582 + r * 3.4744))
    elif model == "power":
        activity, slope = r**2.77, 2.77 * r**1.77
    else:
        raise ValueError(f'unknown activity model "{model}"; allowed: haupin, power')
    return activity, np.where((ratio >= 0.05) & (ratio < 1.0), slope, 0.0)


def saturated(T):
    """Activity 1 at every temperature; T and both results (n,)."""
    T = np.asarray(T, dtype=float)
    return np.ones(T.shape), np.zeros(T.shape)


@dataclass(frozen=True)
class Process:
    """What the current does in the cell: potentials, heats per unit current, rates of production.

    Every voltage method takes the temperature of the bath, scalar or (n,) [K], and returns (value, slope) [V, V/K].
    Per unit of current the thermal model receives

    * −Π at the electrodes (`peltier_voltage`; shares f_a at the anode, 1 − f_a at the cathode),
    * (1 − x) E_rec in the bath (`recombination_voltage`),
    * −`alumina_feed_voltage` in the bath and −`carbon_feed_voltage` in the anodes,

    and with dissipation V − E_rev these add up to V − V_eq, whatever T, x, activity and heat of dissolution are:
    V_eq = E_rev + Π − (1 − x) E_rec + feed. That identity is algebraic: it closes with any heat of the back reaction.
    The one used, of 2 Al + 3 CO2 → Al2O3 + 3 CO for carbon, is computed at T from the same data as the rest (846.25
    kJ/mol at 1233 K, not constant), so that the enthalpy of the gas that leaves is consistent too.

    Attributes
    ----------
    reaction : Reaction
    current_efficiency : (T, cathode current density) → (x, dx/dT), one of `current_efficiency`
    activity : T → (a, da/dT), activity of alumina at T (n,) [K]; `Bath.activity` fits
    gas_pressure : float [Pa]
    dissolution_enthalpy : float [J/mol Al2O3]; 1.0e5 to 1.7e5 for α-alumina in cryolite (literature spread, from
        memory)
    feed_temperature : float [K], of alumina and carbon
    anode_heat_fraction : float, f_a; not settled in the literature, 0.4 to 1.0 (estimate)
    cathode_area : float [m²] of the whole cell, or None: the area given to `at`
    cathode_density : float [A/m²], current density on the cathode, set by `at`
    """

    reaction: Reaction = field(default_factory=lambda: REACTIONS["oxygen"])
    current_efficiency: Callable = Given()
    activity: Callable = saturated
    gas_pressure: float = STANDARD_PRESSURE
    dissolution_enthalpy: float = 1.2e5
    feed_temperature: float = REFERENCE_TEMPERATURE
    anode_heat_fraction: float = 0.8
    cathode_area: float | None = None
    cathode_density: float = np.nan

    def at(self, current, area):
        """The same process at a cell current [A] and the area [m²] on which the metal is produced, both of the whole
        cell."""
        area = self.cathode_area or area
        return replace(self, cathode_density=abs(current) / area if area > 0.0 else np.nan)

    def efficiency(self, T):
        """Current efficiency x and its slope [1/K]."""
        return self.current_efficiency(T, self.cathode_density)

    def reversible_potential(self, T):
        """Nernst: E° − RT/6F ln a + ν RT/6F ln(p/1 bar), ν moles of gas per mole alumina."""
        E, slope = self.reaction.standard_potential(T)
        activity, activity_slope = self.activity(T)
        per_kelvin = GAS_CONSTANT / (ELECTRONS * FARADAY)
        gas = self.reaction.moles[self.reaction.gas] * np.log(self.gas_pressure / STANDARD_PRESSURE)
        correction = per_kelvin * (gas - np.log(activity))
        return E + T * correction, slope + correction - per_kelvin * T * activity_slope / activity

    def peltier_voltage(self, T):
        """Reversible heat taken up by the electrodes, Π = (ΔH − ΔH_diss)/6F − E_rev; current efficiency has no part in
        it."""
        heat, heat_slope = self.reaction.enthalpy_voltage(T)
        E, slope = self.reversible_potential(T)
        return heat - self.dissolution_enthalpy / (ELECTRONS * FARADAY) - E, heat_slope - slope

    def recombination_voltage(self, T):
        """Heat of metal reoxidised into dissolved alumina, per unit of lost current, E_rec."""
        heat, slope = self.reaction.back_heat(T)
        return (heat - self.dissolution_enthalpy) / (ELECTRONS * FARADAY), slope / (ELECTRONS * FARADAY)

    def alumina_heat(self, T: float) -> float:
        """Heat taken up by each kilogram of alumina that is fed to a bath at T [K] and dissolves [J/kg]."""
        return float((self._warming("Al2O3", T)[0] + self.dissolution_enthalpy) / MOLAR_MASS["Al2O3"])

    def alumina_feed_voltage(self, T):
        """Heat taken up by alumina fed to the bath: warming to T and dissolution."""
        x, x_slope = self.efficiency(T)
        warming, slope = self._warming("Al2O3", T)
        taken = warming + self.dissolution_enthalpy
        return x * taken / (ELECTRONS * FARADAY), (x * slope + x_slope * taken) / (ELECTRONS * FARADAY)

    def carbon_feed_voltage(self, T):
        """Heat taken up by the carbon burnt: warming to T; 0 for inert anodes. All current burns carbon."""
        scale = -self.reaction.moles.get("C", 0.0) / (ELECTRONS * FARADAY)
        warming, slope = self._warming("C", T)
        return scale * warming, scale * slope

    def equivalent_voltage(self, T):
        """Enthalpy the process takes up per unit of current, feed at its own temperature, products at T; V_eq.

        [ΔH − (1 − x) ΔH_back + x (ΔH warming alumina) + ν_C (ΔH warming carbon)]/6F; inert anodes: x (ΔH + ΔH
        warming)/6F.
        """
        x, x_slope = self.efficiency(T)
        heat, heat_slope = self.reaction.enthalpy(T)
        back, back_slope = self.reaction.back_heat(T)
        alumina, alumina_slope = self._warming("Al2O3", T)
        carbon, carbon_slope = self._warming("C", T)
        burnt = -self.reaction.moles.get("C", 0.0)
        value = heat - (1.0 - x) * back + x * alumina + burnt * carbon
        slope = (
            heat_slope - (1.0 - x) * back_slope + x * alumina_slope + burnt * carbon_slope + x_slope * (back + alumina)
        )
        return value / (ELECTRONS * FARADAY), slope / (ELECTRONS * FARADAY)

    def _warming(self, species, T):
        return enthalpy(species, T) - enthalpy(species, self.feed_temperature), heat_capacity(species, T)

    def recombination_heat(self, T):
        """Heat given back in the bath per unit of current, (1 − x) E_rec."""
        x, x_slope = self.efficiency(T)
        back, slope = self.recombination_voltage(T)
        return (1.0 - x) * back, (1.0 - x) * slope - x_slope * back

    def aluminium_rate(self, current, T):
        """Aluminium produced [kg/s] by a cell current [A] with the bath at T [K]."""
        return self.efficiency(T)[0] * faraday_rate(current, MOLAR_MASS["Al"], 3.0)

    def alumina_rate(self, current, T):
        """Alumina used up [kg/s] by a cell current [A] with the bath at T [K]."""
        return self.efficiency(T)[0] * faraday_rate(current, MOLAR_MASS["Al2O3"], ELECTRONS)

    def carbon_rate(self, current):
        """Carbon burnt by the electrode reaction [kg/s]; airburn and dusting come on top."""
        return -self.reaction.moles.get("C", 0.0) * faraday_rate(current, MOLAR_MASS["C"], ELECTRONS)

    def gas_rates(self, current, T):
        """Gas that leaves after the back reaction: species → [kg/s], for a cell current [A] with the bath at T [K]."""
        lost = 1.0 - self.efficiency(T)[0]
        moles = {
            gas: self.reaction.moles.get(gas, 0.0) + lost * self.reaction.back.get(gas, 0.0)
            for gas in ("O2", "CO2", "CO")
        }
        return {gas: n * faraday_rate(current, MOLAR_MASS[gas], ELECTRONS) for gas, n in moles.items() if n != 0.0}

    def specific_energy(self, voltage, T):
        """DC energy per aluminium at a cell voltage [V] with the bath at T [K], [J/kg]."""
        return voltage / self.aluminium_rate(1.0, T)

    def minimum_energy(self, T):
        """Least energy per aluminium: efficiency 1, feed at its own temperature, products at T, [J/kg]."""
        ideal = Process(self.reaction, feed_temperature=self.feed_temperature)
        return ideal.specific_energy(ideal.equivalent_voltage(T)[0], T)


def limiting_current_density(transfer, density, alumina):
    """Current density [A/m²] at which the alumina next to an anode is used up, 6 F k ρ (w/100)/M.

    Parameters
    ----------
    transfer : float [m/s], k
    density : float or (n,) [kg/m³], of the bath
    alumina : float [wt %], w
    """
    return ELECTRONS * FARADAY * transfer * density * alumina / (100.0 * MOLAR_MASS["Al2O3"])


@dataclass(frozen=True)
class Kinetics:
    """Activation η = RT/(n_α F) asinh(i/2i₀) and scale of an oxygen-evolving anode; the ranges are the honest error
    bars.

    Attributes
    ----------
    exchange_current_density : float [A/m²], i₀
    transfer_number : float, n_α
    film_resistance : float [Ω·m²], of the scale
    exchange_range, film_range : (float, float), same units
    basis, source : str, as for properties
    """

    exchange_current_density: float
    transfer_number: float
    film_resistance: float
    exchange_range: tuple[float, float]
    film_range: tuple[float, float]
    basis: str
    source: str


KINETICS = {
    "inert_nife2o4_cermet": Kinetics(
        700.0, 2.0, 0.0, (100.0, 3000.0), (0.0, 0.0), "E",
        "0.10 to 0.20 V at 0.8 to 1 A/cm², 960 °C, the level of Kvande & Haupin, JOM 53 (5) 2001, 29; the bulk "
        "conducts",
    ),
    "inert_sno2": Kinetics(
        1000.0, 2.0, 0.0, (200.0, 3000.0), (0.0, 0.0), "E",
        "about 0.1 V at 1 A/cm², 960 °C, Thonstad et al., Aluminium Electrolysis, 3rd ed. (2001); the bulk conducts",
    ),
    "inert_fe_alloy": Kinetics(
        200.0, 2.0, 2.0e-6, (50.0, 1000.0), (0.0, 1.0e-5), "E",
        "0.17 V at 0.6 A/cm², 900 °C; scale 1 mm of ferrite at 2 mΩ·m, 0.1 to 3 mm in RU 2570149",
    ),
    "inert_cu_al": Kinetics(
        100.0, 2.0, 5.0e-6, (10.0, 500.0), (1.0e-6, 3.0e-5), "E",
        "oxygen starts 2.3 to 2.4 V above aluminium in K-cryolite at 750 °C; scale 0.5 to 1 mm, Yasinskiy et al., "
        "Tsvetnye Metally 2019 (9)",
    ),
}  # fmt: skip
