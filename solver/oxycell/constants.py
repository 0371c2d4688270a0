"""Physical constants, molar masses and Faraday's law; SI, each with its source."""

# CODATA 2018 adjustment (Tiesinga, Mohr, Newell & Taylor, Rev. Mod. Phys. 93 (2021) 025010).
GAS_CONSTANT = 8.31446261815324  # J/mol/K, exact since 2019
FARADAY = 96485.33212  # C/mol, rounded from the exact e·N_A
STEFAN_BOLTZMANN = 5.670374419e-8  # W/m²/K⁴
VACUUM_PERMEABILITY = 1.25663706212e-6  # H/m

STANDARD_GRAVITY = 9.80665  # m/s², conventional value, CGPM 1901
STANDARD_ATMOSPHERE = 101325.0  # Pa, conventional value, CGPM 1954
STANDARD_PRESSURE = 1.0e5  # Pa, reference of the thermochemical data (1 bar, IUPAC 1982)
ZERO_CELSIUS = 273.15  # K, definition of the Celsius scale
REFERENCE_TEMPERATURE = 298.15  # K, reference of the thermochemical data

# kg/mol, from IUPAC standard atomic weights (Al 26.9815385, O 15.9994, C 12.0107, Na 22.98977, F 18.9984032, …).
MOLAR_MASS = {
    "Al": 0.0269815385,
    "Al2O3": 0.101961276,
    "O2": 0.0319988,
    "C": 0.0120107,
    "CO2": 0.0440095,
    "CO": 0.0280101,
    "NaF": 0.041988173,
    "AlF3": 0.083976748,
    "Na3AlF6": 0.209941267,
    "CaF2": 0.078075,
    "MgF2": 0.0623018,
    "LiF": 0.025939,
    "KF": 0.0580967,
    "K3AlF6": 0.258267,
}

MOLAR_MASS_AIR = 0.0289644  # kg/mol, dry air, U.S. Standard Atmosphere 1976


def faraday_rate(current, molar_mass, electrons):
    """Mass turned over by a current at full efficiency, Faraday's law.

    Parameters
    ----------
    current : float or (n,) [A]
    molar_mass : float [kg/mol]
    electrons : float, electrons exchanged per mole of the substance

    Returns
    -------
    rate : like `current` [kg/s]
    """
    return current * molar_mass / (electrons * FARADAY)
