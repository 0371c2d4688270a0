"""Thermochemistry of the cell reaction: reversible potential, heats, Faraday rates; activity of alumina, anode kinetics."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from oxycell.constants import FARADAY, GAS_CONSTANT, MOLAR_MASS, REFERENCE_TEMPERATURE, STANDARD_PRESSURE, faraday_rate

# NASA 7-term polynomials, (lower, upper) [K] → a1…a7: McBride, Gordon & Reno, NASA TM-4513 (1993).
#   cp/R = a1 + a2 T + a3 T² + a4 T³ + a5 T⁴;  H/R = ∫ cp/R dT + a6;  S/R = ∫ cp/(R T) dT + a7;  reference 1 bar.
SPECIES = {
    "Al": (  # solid, then liquid: the step at 933.61 K is fusion
        (200.0, 933.61,
            (1.01040191, 0.0120769743, -2.62083556e-05, 2.64282413e-08, -9.01916513e-12, -654.454196, -5.00471254)),
        (933.61, 6000.0,
            (3.81862551, 0.0, 0.0, 0.0, 0.0, -94.9651808, -17.5229704)),
    ),
    "Al2O3": (  # alpha
        (300.0, 1000.0,
            (-4.9138309, 0.079398443, -1.3237918e-04, 1.044675e-07, -3.156633e-11, -2.0262622e05, 15.478073)),
        (1000.0, 2327.0,
            (11.833666, 3.7708878e-03, -1.7863191e-07, -5.6008807e-10, 1.4076825e-13, -2.0571131e05, -63.599835)),
    ),
    "C": (  # graphite
        (200.0, 1000.0,
            (-0.310872072, 4.40353686e-03, 1.90394118e-06, -6.38546966e-09, 2.98964248e-12, -108.650794, 1.11382953)),
        (1000.0, 5000.0,
            (1.45571829, 1.71702216e-03, -6.97562786e-07, 1.35277032e-10, -9.67590652e-15, -695.138814, -8.52583033)),
    ),
    "O2": (
        (200.0, 1000.0,
            (3.78245636, -2.99673415e-03, 9.847302e-06, -9.68129508e-09, 3.24372836e-12, -1063.94356, 3.65767573)),
        (1000.0, 6000.0,
            (3.66096083, 6.56365523e-04, -1.41149485e-07, 2.05797658e-11, -1.29913248e-15, -1215.97725, 3.41536184)),
    ),
    "CO": (
        (200.0, 1000.0,
            (3.57953347, -6.1035368e-04, 1.01681433e-06, 9.07005884e-10, -9.04424499e-13, -1.4344086e04, 3.50840928)),
        (1000.0, 6000.0,
            (3.04848583, 1.35172818e-03, -4.85794075e-07, 7.88536486e-11, -4.69807489e-15, -1.42661171e04, 6.0170979)),
    ),
    "CO2": (
        (200.0, 1000.0,
            (2.35677352, 8.98459677e-03, -7.12356269e-06, 2.45919022e-09, -1.43699548e-13, -4.83719697e04, 9.90105222)),
        (1000.0, 6000.0,
            (4.63659493, 2.74131991e-03, -9.95828531e-07, 1.60373011e-10, -9.16103468e-15, -4.90249341e04, -1.93534855)),
    ),
    "AlF3": (  # beta
        (728.0, 1000.0,
            (9.5034505, 5.1302509e-03, -3.7116764e-06, 1.2052357e-09, 0.0, -1.8469555e05, -47.736147)),
        (1000.0, 2523.0,
            (10.41947, 2.3376501e-03, -8.8083077e-07, 2.8557883e-10, -3.4607263e-14, -1.8492205e05, -52.371402)),
    ),
    "Na3AlF6": (  # beta twice, then liquid: the step at 1285 K is fusion
        (836.0, 1000.0,
            (16.593657, 0.016911694, 1.03166e-06, 0.0, 0.0, -4.0108689e05, -64.910792)),
        (1000.0, 1285.0,
            (9.5543957, 0.035201542, -1.4620994e-05, 4.4020669e-09, 0.0, -3.9907552e05, -28.216177)),
        (1285.0, 5000.0,
            (47.567623, 0.0, 0.0, 0.0, 0.0, -4.1296538e05, -253.7588)),
    ),
}  # fmt: skip


def _coefficients(species, T):
    """The polynomial that holds at T: (7, …) for T of any shape; the first and last go on outside their range."""
    pieces = SPECIES[species]
    which = np.searchsorted([piece[0] for piece in pieces[1:]], T, side="right")
    return np.moveaxis(np.array([piece[2] for piece in pieces])[which], -1, 0)


def heat_capacity(species, T):
    """Molar heat capacity of a species at T (scalar or (n,) [K]); like T [J/mol/K]."""
    a = _coefficients(species, T)
    return GAS_CONSTANT * (a[0] + T * (a[1] + T * (a[2] + T * (a[3] + T * a[4]))))


def enthalpy(species, T):
    """Molar enthalpy of a species at T (scalar or (n,) [K]), elements at 298.15 K being zero; like T [J/mol]."""
    a = _coefficients(species, T)
    return GAS_CONSTANT * (a[5] + T * (a[0] + T * (a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * a[4] / 5)))))


def entropy(species, T):
    """Molar entropy of a species at T (scalar or (n,) [K]) and 1 bar; like T [J/mol/K]."""
    a = _coefficients(species, T)
    return GAS_CONSTANT * (a[6] + a[0] * np.log(T) + T * (a[1] + T * (a[2] / 2 + T * (a[3] / 3 + T * a[4] / 4))))


def gibbs(species, T):
    """Molar Gibbs energy of a species at T (scalar or (n,) [K]) and 1 bar; like T [J/mol]."""
    return enthalpy(species, T) - T * entropy(species, T)


ELECTRONS = 6.0
"""Electrons per mole of alumina, in every reaction here."""


@dataclass(frozen=True)
class Reaction:
    """A cell reaction, per mole of alumina (6 electrons).

    Attributes
    ----------
    name : str
    moles : species → moles, > 0 made, < 0 used up
    gas : str, the anode gas
    back : species → moles of the back reaction that turns 2 mol Al into alumina again
    """

    name: str
    moles: dict[str, float]
    gas: str
    back: dict[str, float]

    def enthalpy(self, T):
        """Enthalpy of reaction at T [J/mol] and slope [J/mol/K]."""
        return _sum(self.moles, enthalpy, T), _sum(self.moles, heat_capacity, T)

    def gibbs(self, T):
        """Gibbs energy of reaction at T and standard states [J/mol] and slope, −ΔS [J/mol/K]."""
        return _sum(self.moles, gibbs, T), -_sum(self.moles, entropy, T)

    def back_heat(self, T):
        """Heat given off by the back reaction of 2 mol Al at T [J/mol] and slope [J/mol/K]."""
        return -_sum(self.back, enthalpy, T), -_sum(self.back, heat_capacity, T)

    def standard_potential(self, T):
        """Decomposition voltage ΔG/6F with pure α-alumina and gas at 1 bar [V] and slope [V/K]."""
        value, slope = self.gibbs(T)
        return value / (ELECTRONS * FARADAY), slope / (ELECTRONS * FARADAY)

    def enthalpy_voltage(self, T):
        """Isothermal enthalpy voltage ΔH/6F [V] and slope [V/K]."""
        value, slope = self.enthalpy(T)
        return value / (ELECTRONS * FARADAY), slope / (ELECTRONS * FARADAY)


def _sum(moles, function, T):
    return sum(n * function(species, T) for species, n in moles.items())


_REOXIDATION = {"Al": -2.0, "CO2": -3.0, "Al2O3": 1.0, "CO": 3.0}

REACTIONS = {
    "oxygen": Reaction("oxygen", {"Al2O3": -1.0, "Al": 2.0, "O2": 1.5}, "O2", {"Al": -2.0, "O2": -1.5, "Al2O3": 1.0}),
    "carbon": Reaction("carbon", {"Al2O3": -1.0, "C": -1.5, "Al": 2.0, "CO2": 1.5}, "CO2", _REOXIDATION),
    "carbon_monoxide": Reaction("carbon_monoxide", {"Al2O3": -1.0, "C": -3.0, "Al": 2.0, "CO": 3.0}, "CO", _REOXIDATION),
}
"""Cell reactions: oxygen (inert anode), carbon (CO2), and the limit of carbon giving CO only."""


def alumina_activity(ratio, model="haupin"):
    """Activity of alumina in the bath against α-alumina, from the relative saturation.

    Parameters
    ----------
    ratio : scalar or (n,), alumina over saturated alumina by weight; held below 0.05 and above 1
    model : "haupin", −0.03791 r + 2.364 r² − 2.194 r³ + 0.8686 r⁴ (Haupin, Light Metals 1998, eq. 10), or "power", r^2.77
        (older form of Haupin, and of Grjotheim & Welch 1988). At r = 0.36: 0.20 and 0.06, 22 mV apart.

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
    * −`feed_voltage`, in the bath and for carbon in the anodes,

    and with dissipation V − E_rev these add up to V − V_eq, whatever T, x, activity and heat of dissolution are:
    V_eq = E_rev + Π − (1 − x) E_rec + feed. That identity is algebraic: it closes with any heat of the back reaction. The
    one used, of 2 Al + 3 CO2 → Al2O3 + 3 CO for carbon, is computed at T from the same data as the rest (846.25 kJ/mol at
    1233 K, not constant), so that the enthalpy of the gas that leaves is consistent too.

    Attributes
    ----------
    reaction : Reaction
    current_efficiency : float, x
    activity : T → (a, da/dT), activity of alumina at T (n,) [K]; `Bath.activity` fits
    gas_pressure : float [Pa]
    dissolution_enthalpy : float [J/mol Al2O3]; 1.0e5 to 1.7e5 for α-alumina in cryolite (literature spread, from memory)
    feed_temperature : float [K], of alumina and carbon
    anode_heat_fraction : float, f_a; not settled in the literature, 0.4 to 1.0 (estimate)
    """

    reaction: Reaction = field(default_factory=lambda: REACTIONS["oxygen"])
    current_efficiency: float = 1.0
    activity: Callable = saturated
    gas_pressure: float = STANDARD_PRESSURE
    dissolution_enthalpy: float = 1.2e5
    feed_temperature: float = REFERENCE_TEMPERATURE
    anode_heat_fraction: float = 0.8

    def reversible_potential(self, T):
        """Nernst: E° − RT/6F ln a + ν RT/6F ln(p/1 bar), ν moles of gas per mole alumina."""
        E, slope = self.reaction.standard_potential(T)
        activity, activity_slope = self.activity(T)
        per_kelvin = GAS_CONSTANT / (ELECTRONS * FARADAY)
        gas = self.reaction.moles[self.reaction.gas] * np.log(self.gas_pressure / STANDARD_PRESSURE)
        correction = per_kelvin * (gas - np.log(activity))
        return E + T * correction, slope + correction - per_kelvin * T * activity_slope / activity

    def peltier_voltage(self, T):
        """Reversible heat taken up by the electrodes, Π = (ΔH − ΔH_diss)/6F − E_rev; current efficiency has no part in it."""
        heat, heat_slope = self.reaction.enthalpy_voltage(T)
        E, slope = self.reversible_potential(T)
        return heat - self.dissolution_enthalpy / (ELECTRONS * FARADAY) - E, heat_slope - slope

    def recombination_voltage(self, T):
        """Heat of metal reoxidised into dissolved alumina, per unit of lost current, E_rec."""
        heat, slope = self.reaction.back_heat(T)
        return (heat - self.dissolution_enthalpy) / (ELECTRONS * FARADAY), slope / (ELECTRONS * FARADAY)

    def alumina_feed_voltage(self, T):
        """Heat taken up by alumina fed to the bath: warming to T and dissolution."""
        scale = self.current_efficiency / (ELECTRONS * FARADAY)
        warming, slope = self._warming("Al2O3", T)
        return scale * (warming + self.dissolution_enthalpy), scale * slope

    def carbon_feed_voltage(self, T):
        """Heat taken up by the carbon burnt: warming to T; 0 for inert anodes. All current burns carbon."""
        scale = -self.reaction.moles.get("C", 0.0) / (ELECTRONS * FARADAY)
        warming, slope = self._warming("C", T)
        return scale * warming, scale * slope

    def feed_voltage(self, T):
        """Heat taken up by everything fed."""
        alumina, alumina_slope = self.alumina_feed_voltage(T)
        carbon, carbon_slope = self.carbon_feed_voltage(T)
        return alumina + carbon, alumina_slope + carbon_slope

    def equivalent_voltage(self, T):
        """Enthalpy the process takes up per unit of current, feed at its own temperature, products at T; V_eq.

        [ΔH − (1 − x) ΔH_back + x (ΔH warming alumina) + ν_C (ΔH warming carbon)]/6F; inert anodes: x (ΔH + ΔH warming)/6F.
        """
        x = self.current_efficiency
        heat, heat_slope = self.reaction.enthalpy(T)
        back, back_slope = self.reaction.back_heat(T)
        alumina, alumina_slope = self._warming("Al2O3", T)
        carbon, carbon_slope = self._warming("C", T)
        burnt = -self.reaction.moles.get("C", 0.0)
        value = heat - (1.0 - x) * back + x * alumina + burnt * carbon
        slope = heat_slope - (1.0 - x) * back_slope + x * alumina_slope + burnt * carbon_slope
        return value / (ELECTRONS * FARADAY), slope / (ELECTRONS * FARADAY)

    def _warming(self, species, T):
        return enthalpy(species, T) - enthalpy(species, self.feed_temperature), heat_capacity(species, T)

    def aluminium_rate(self, current):
        """Aluminium made [kg/s] by a cell current [A]."""
        return self.current_efficiency * faraday_rate(current, MOLAR_MASS["Al"], 3.0)

    def alumina_rate(self, current):
        """Alumina used up [kg/s] by a cell current [A]."""
        return self.current_efficiency * faraday_rate(current, MOLAR_MASS["Al2O3"], ELECTRONS)

    def carbon_rate(self, current):
        """Carbon burnt by the electrode reaction [kg/s]; airburn and dusting come on top."""
        return -self.reaction.moles.get("C", 0.0) * faraday_rate(current, MOLAR_MASS["C"], ELECTRONS)

    def gas_rates(self, current):
        """Gas that leaves after the back reaction: species → [kg/s], for a cell current [A]."""
        lost = 1.0 - self.current_efficiency
        moles = {gas: self.reaction.moles.get(gas, 0.0) + lost * self.reaction.back.get(gas, 0.0) for gas in ("O2", "CO2", "CO")}
        return {gas: n * faraday_rate(current, MOLAR_MASS[gas], ELECTRONS) for gas, n in moles.items() if n != 0.0}

    def specific_energy(self, voltage):
        """DC energy per aluminium at a cell voltage [V], [J/kg]."""
        return voltage / self.aluminium_rate(1.0)

    def minimum_energy(self, T):
        """Least energy per aluminium: efficiency 1, feed at its own temperature, products at T, [J/kg]."""
        ideal = Process(self.reaction, feed_temperature=self.feed_temperature)
        return ideal.specific_energy(ideal.equivalent_voltage(T)[0])


@dataclass(frozen=True)
class Kinetics:
    """Activation η = RT/(n_α F) asinh(i/2i₀) and scale of an oxygen-evolving anode; the ranges are the honest error bars.

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
        "0.10 to 0.20 V at 0.8 to 1 A/cm², 960 °C, the level of Kvande & Haupin, JOM 53 (5) 2001, 29; the bulk conducts",
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
