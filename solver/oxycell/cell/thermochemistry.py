"""Thermochemistry: enthalpy and entropy of what takes part, the cell reactions, and the other things an anode can
do."""

from dataclasses import dataclass

import numpy as np

from oxycell.constants import FARADAY, GAS_CONSTANT

# NASA 7-term polynomials, (lower, upper) [K] → a1…a7: McBride, Gordon & Reno, NASA TM-4513 (1993).
#   cp/R = a1 + a2 T + a3 T² + a4 T³ + a5 T⁴;  H/R = ∫ cp/R dT + a6;  S/R = ∫ cp/(R T) dT + a7;  reference 1 bar.
SPECIES = {
    "Al": (  # solid, then liquid: the step at 933.61 K is fusion
        (
            200.0,
            933.61,
            (1.01040191, 0.0120769743, -2.62083556e-05, 2.64282413e-08, -9.01916513e-12, -654.454196, -5.00471254),
        ),
        (933.61, 6000.0, (3.81862551, 0.0, 0.0, 0.0, 0.0, -94.9651808, -17.5229704)),
    ),
    "Al2O3": (  # alpha
        (
            300.0,
            1000.0,
            (-4.9138309, 0.079398443, -1.3237918e-04, 1.044675e-07, -3.156633e-11, -2.0262622e05, 15.478073),
        ),
        (
            1000.0,
            2327.0,
            (11.833666, 3.7708878e-03, -1.7863191e-07, -5.6008807e-10, 1.4076825e-13, -2.0571131e05, -63.599835),
        ),
    ),
    "C": (  # graphite
        (
            200.0,
            1000.0,
            (-0.310872072, 4.40353686e-03, 1.90394118e-06, -6.38546966e-09, 2.98964248e-12, -108.650794, 1.11382953),
        ),
        (
            1000.0,
            5000.0,
            (1.45571829, 1.71702216e-03, -6.97562786e-07, 1.35277032e-10, -9.67590652e-15, -695.138814, -8.52583033),
        ),
    ),
    "O2": (
        (
            200.0,
            1000.0,
            (3.78245636, -2.99673415e-03, 9.847302e-06, -9.68129508e-09, 3.24372836e-12, -1063.94356, 3.65767573),
        ),
        (
            1000.0,
            6000.0,
            (3.66096083, 6.56365523e-04, -1.41149485e-07, 2.05797658e-11, -1.29913248e-15, -1215.97725, 3.41536184),
        ),
    ),
    "CO": (
        (
            200.0,
            1000.0,
            (3.57953347, -6.1035368e-04, 1.01681433e-06, 9.07005884e-10, -9.04424499e-13, -1.4344086e04, 3.50840928),
        ),
        (
            1000.0,
            6000.0,
            (3.04848583, 1.35172818e-03, -4.85794075e-07, 7.88536486e-11, -4.69807489e-15, -1.42661171e04, 6.0170979),
        ),
    ),
    "CO2": (
        (
            200.0,
            1000.0,
            (2.35677352, 8.98459677e-03, -7.12356269e-06, 2.45919022e-09, -1.43699548e-13, -4.83719697e04, 9.90105222),
        ),
        (
            1000.0,
            6000.0,
            (4.63659493, 2.74131991e-03, -9.95828531e-07, 1.60373011e-10, -9.16103468e-15, -4.90249341e04, -1.93534855),
        ),
    ),
    "AlF3": (  # beta
        (728.0, 1000.0, (9.5034505, 5.1302509e-03, -3.7116764e-06, 1.2052357e-09, 0.0, -1.8469555e05, -47.736147)),
        (
            1000.0,
            2523.0,
            (10.41947, 2.3376501e-03, -8.8083077e-07, 2.8557883e-10, -3.4607263e-14, -1.8492205e05, -52.371402),
        ),
    ),
    "Na3AlF6": (  # beta twice, then liquid: the step at 1285 K is fusion
        (836.0, 1000.0, (16.593657, 0.016911694, 1.03166e-06, 0.0, 0.0, -4.0108689e05, -64.910792)),
        (1000.0, 1285.0, (9.5543957, 0.035201542, -1.4620994e-05, 4.4020669e-09, 0.0, -3.9907552e05, -28.216177)),
        (1285.0, 5000.0, (47.567623, 0.0, 0.0, 0.0, 0.0, -4.1296538e05, -253.7588)),
    ),
    "F2": (
        (
            200.0,
            1000.0,
            (3.20832415, 1.25919179e-03, 3.89747979e-06, -7.22184984e-09, 3.31837862e-12, -1034.25794, 5.61903589),
        ),
        (
            1000.0,
            6000.0,
            (3.86166219, 7.88367679e-04, -1.8198294e-07, -9.1743656e-12, 2.65193472e-15, -1232.38655, 2.04119855),
        ),
    ),
    "Fe": (  # alpha to its Curie point, then the polynomial of gamma, 178 J/mol away there
        (
            200.0,
            1000.0,
            (2.41337476, -1.57780744e-03, 2.14701339e-05, -3.80171438e-08, 2.20426984e-11, -774.380998, -10.6560296),
        ),
        (
            1000.0,
            1042.0,
            (4690.80173, -9.90659991, 2.69427446e-03, 5.54445321e-06, -3.01659823e-09, -1.41547586e06, -2.49294387e04),
        ),
        (
            1042.0,
            1665.0,
            (61.010999, -0.160945061, 1.68369493e-04, -7.74563702e-08, 1.3309129e-11, -1.65335454e04, -313.710668),
        ),
    ),
    "FeO": (
        (
            300.0,
            1000.0,
            (5.3195475, 2.2096591e-03, 1.0721775e-06, -2.7929729e-09, 1.3320733e-12, -3.4407165e04, -23.686034),
        ),
        (
            1000.0,
            1650.0,
            (5.8316489, 1.4275156e-03, -9.3208143e-08, -6.5997763e-12, -2.2512143e-14, -3.4566902e04, -26.44699),
        ),
    ),
    "Fe2O3": (
        (
            300.0,
            1000.0,
            (-7.7037843, 0.13647471, -3.2905655e-04, 3.8150478e-07, -1.6310285e-10, -1.0080076e05, 25.292085),
        ),
        (
            1000.0,
            2500.0,
            (40.49753, -0.046131596, 3.1826406e-05, -8.9226331e-09, 8.4655417e-13, -1.1317627e05, -216.35088),
        ),
    ),
    "Fe3O4": (
        (
            300.0,
            1000.0,
            (36.198148, -0.17437976, 5.2475673e-04, -5.4238219e-07, 1.7996202e-10, -1.413873e05, -155.56683),
        ),
        (
            1000.0,
            5000.0,
            (24.13372, 4.1592226e-05, -2.6331492e-08, 6.6035094e-12, -5.692468e-16, -1.4121052e05, -120.06412),
        ),
    ),
    "Cu": (
        (
            200.0,
            1000.0,
            (1.76672074, 7.34699432e-03, -1.5471296e-05, 1.50539591e-08, -5.24861335e-12, -743.882087, -7.70454044),
        ),
        (
            1000.0,
            1358.0,
            (3.4200891, -1.61201394e-03, 3.05145917e-06, -2.11162788e-09, 6.99858397e-13, -990.295636, -15.1932294),
        ),
    ),
    "Cu2O": (
        (
            300.0,
            1000.0,
            (3.3832466, 0.022954176, -3.9542304e-05, 3.4020401e-08, -1.1043809e-11, -2.2273157e04, -13.530713),
        ),
        (
            1000.0,
            1516.72,
            (14.755641, -0.015876657, 1.4971193e-05, -4.4840264e-09, 4.0556005e-13, -2.5065068e04, -70.541877),
        ),
    ),
    "CuO": (
        (
            300.0,
            1000.0,
            (0.88403866, 0.024158852, -4.3894142e-05, 3.7586181e-08, -1.2088275e-11, -1.9788382e04, -5.472388),
        ),
        (
            1000.0,
            2000.0,
            (5.0258124, 2.5424077e-03, -1.3768294e-06, 5.3492831e-10, -7.9664281e-14, -2.0433281e04, -24.376695),
        ),
    ),
}


def _coefficients(species, T):
    """The polynomial that holds at T: (7, …) for T of any shape; the first and last go on outside their range."""
    pieces = SPECIES[species]
    if np.size(T) == 1:  # one temperature of a pool, asked for often
        at = T if isinstance(T, float) else np.asarray(T, dtype=float).item()
        return next((piece[2] for piece in pieces[:-1] if at < piece[1]), pieces[-1][2])
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
        """Heat released by the back reaction of 2 mol Al at T [J/mol] and slope [J/mol/K]."""
        return -_sum(self.back, enthalpy, T), -_sum(self.back, heat_capacity, T)

    def standard_potential(self, T):
        """Decomposition voltage ΔG/6F with pure α-alumina and gas at 1 bar [V] and slope [V/K]."""
        return potential(self.moles, T)

    def enthalpy_voltage(self, T):
        """Isothermal enthalpy voltage ΔH/6F [V] and slope [V/K]."""
        value, slope = self.enthalpy(T)
        return value / (ELECTRONS * FARADAY), slope / (ELECTRONS * FARADAY)


def potential(moles, T):
    """Decomposition voltage ΔG/6F of a reaction of 6 electrons at standard states [V] and slope [V/K]; moles: species →
    number."""
    return _sum(moles, gibbs, T) / (ELECTRONS * FARADAY), -_sum(moles, entropy, T) / (ELECTRONS * FARADAY)


def _sum(moles, function, T):
    return sum(n * function(species, T) for species, n in moles.items())


_REOXIDATION = {"Al": -2.0, "CO2": -3.0, "Al2O3": 1.0, "CO": 3.0}

REACTIONS = {
    "oxygen": Reaction("oxygen", {"Al2O3": -1.0, "Al": 2.0, "O2": 1.5}, "O2", {"Al": -2.0, "O2": -1.5, "Al2O3": 1.0}),
    "carbon": Reaction("carbon", {"Al2O3": -1.0, "C": -1.5, "Al": 2.0, "CO2": 1.5}, "CO2", _REOXIDATION),
    "carbon_monoxide": Reaction(
        "carbon_monoxide", {"Al2O3": -1.0, "C": -3.0, "Al": 2.0, "CO": 3.0}, "CO", _REOXIDATION
    ),
}
"""Cell reactions: oxygen (inert anode), carbon (CO2), and the limit of carbon giving CO only."""

LIMITS = {
    "fluorine": {"AlF3": -2.0, "Al": 2.0, "F2": 3.0},
    "FeO": {"Al2O3": -1.0, "Fe": -3.0, "Al": 2.0, "FeO": 3.0},
    "Fe3O4": {"Al2O3": -1.0, "Fe": -2.25, "Al": 2.0, "Fe3O4": 0.75},
    "Fe2O3": {"Al2O3": -1.0, "Fe": -2.0, "Al": 2.0, "Fe2O3": 1.0},
    "Cu2O": {"Al2O3": -1.0, "Cu": -6.0, "Al": 2.0, "Cu2O": 3.0},
    "CuO": {"Al2O3": -1.0, "Cu": -3.0, "Al": 2.0, "CuO": 3.0},
}
"""What else an anode can do, each with 6 electrons: fluorine from pure AlF3, oxides from its metals; `potential` gives
volts against Al.

The oxides form 0.3 to 1 V below oxygen: a metallic anode is protected only by its scale.
"""
