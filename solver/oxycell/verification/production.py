"""What a reduction cell takes and makes, by the books: potential over a bath and under pressure, efficiency, carbon,
emissions, wear."""

import numpy as np
from scipy.constants import R, physical_constants

from oxycell.verification.check import Posed, check
from oxycell.verification.electrodes import FORMATION, NIST, cell, enthalpy, reversible_potential
from oxycell.verification.parts import fixed, on

F = physical_constants["Faraday constant"][0]
T = 1200.0
ALF3, CAF2, ALUMINA = 11.0, 5.0, 3.0  # wt %


def _with_bath(**process):
    bath = {"excess_alf3": ALF3, "caf2": CAF2, "alumina": ALUMINA, "activity_model": "power"}
    case = cell()
    return case | {"bath": bath, "process": case["process"] | process}


def _standard():
    """Potential [V] of alumina to aluminium and oxygen at 1200 K, saturated, at 1 bar."""
    return reversible_potential.pose(1).exact


@check("coupled", "cell reaction", f"{NIST}; Nernst's law for 3/2 O2", "V", 3e-4)
def potential_under_pressure(n):
    """Alumina to aluminium and oxygen at 1200 K under 20 bar: equilibrium potential"""
    case = cell()
    case["process"]["gas_pressure"] = "2e6 Pa"
    return Posed(case, _standard() + 1.5 * R * T / (6 * F) * np.log(20.0), lambda a: a.part("reversible"))


@check(
    "coupled",
    "cell reaction",
    f"{NIST}; saturation of Skybakmoen et al. (1997), activity r^2.77 (Grjotheim & Welch 1988)",
    "V",
    3e-4,
)
def potential_over_a_bath(n):
    """Alumina at 3 wt % in a bath at 1200 K: equilibrium potential"""
    dissolves = (11.9 - 0.062 * ALF3 - 0.003 * ALF3**2 - 0.20 * CAF2) * ((T - 273.15) / 1000.0) ** (4.8 - 0.048 * ALF3)
    exact = _standard() + 2.77 * R * T / (6 * F) * np.log(dissolves / ALUMINA)
    return Posed(_with_bath(), exact, lambda a: a.part("reversible"))


@check("coupled", "cell reaction", f"{NIST}; ΔG of CO2 at 1200 K −396.098 kJ/mol (JANAF 4th ed.)", "V", 1e-3)
def potential_with_carbon(n):
    """Alumina and carbon to aluminium and carbon dioxide at 1200 K, saturated: equilibrium potential"""
    case = cell()
    case["process"]["reaction"] = "carbon"
    return Posed(case, _standard() - 1.5 * 396098.0 / (6 * F), lambda a: a.part("reversible"))


@check("coupled", "cell output", "Dewing, Metall. Trans. B 22 (1991) 177; liquidus of Solheim et al. (1996)", "1", 1e-5)
def efficiency_of_temperature(n):
    """Cell whose current efficiency follows Dewing's formula: the efficiency"""
    both = CAF2 * ALF3
    liquidus = (
        1011.0
        + 0.5 * ALF3
        - 0.13 * ALF3**2.2
        - 3.45 * CAF2 / (1.0 + 0.0173 * CAF2)
        + 0.124 * both
        - 0.00542 * both**1.5
        - 7.93 * ALUMINA / (1.0 + 0.0936 * ALUMINA - 0.0017 * ALUMINA**2 - 0.0023 * ALF3 * ALUMINA)
    )
    exact = 1.0 - 10.0 ** (0.0095 * (T - 273.15 - liquidus) - 0.019 * ALF3 + 0.982) / 100.0
    case = _with_bath(current_efficiency_model="dewing1991")
    del case["process"]["current_efficiency"]
    return Posed(case, exact, lambda a: a.report["productivity"]["current_efficiency"])


DISSOLVED = "Solheim, Light Metals 2018; metal after Yoshida & Dewing (1972); density after Kvande & Rørvik (1985)"


@check("coupled", "cell output", DISSOLVED, "1", 2e-3)
def efficiency_of_metal_transfer(n):
    """Cell at 1300 K that loses metal which its bath dissolves (a line blended with 0.015 wt %): current lost beyond
    one per cent"""
    t, j, k, M = 1300.0 - 273.15, 200.0, 2e-6, 0.0269815385
    cryolite = 100.0 - ALF3 - CAF2 - ALUMINA
    ratio = 0.6 * cryolite / (0.4 * cryolite + ALF3)  # NaF over AlF3 by weight; cryolite is 60 % NaF
    metal = -0.2877 + 0.0268 * ratio + 2.992e-4 * t - 0.00192 * CAF2
    parts = (  # wt %, g/cm³
        (cryolite, 3.305 - 0.000937 * 1300.0),
        (ALF3, 1.987 + 0.0094 * ALF3 - 0.000319 * 1300.0),
        (CAF2, 3.177 + 0.0005 * CAF2**2 - 0.000391 * 1300.0),
        (ALUMINA, 1.449 + 0.0128 * ALUMINA),
    )
    density = 1e5 / sum(weight / dense for weight, dense in parts)
    case = _with_bath(current_efficiency_model="mass_transfer", metal_transfer=f"{k} m/s")
    case["conditions"] = [on(name, fixed(1300.0)) for name in ("low", "high")]
    case["physics"] = {"temperature": "1300 K"}
    del case["process"]["current_efficiency"]
    exact = 3 * F * k * density * metal / 100.0 / (M * j)
    return Posed(case, exact, lambda a: 0.99 - a.report["productivity"]["current_efficiency"])


def _carbon_cell():
    case = cell(0.93)
    case["process"]["reaction"] = "carbon"
    return case


@check("coupled", "cell output", "Faraday's law, 12.011 g/mol, 4 electrons (IUPAC 2021)", "kg", 1e-4)
def carbon_per_day(n):
    """Cell with carbon anodes: carbon the reaction burns in a day"""
    return Posed(
        _carbon_cell(),
        200.0 * 86400.0 * 0.012011 / (4 * F),
        lambda a: a.report["productivity"]["carbon_theoretical_kg_per_day"],
    )


@check(
    "coupled", "emissions", "weight of carbon dioxide over that of its carbon, 44.009/12.011 (IUPAC 2021)", "t/t", 1e-4
)
def carbon_dioxide(n):
    """Cell that consumes 0.41 kg of anode with 98 % carbon per kilogram: carbon dioxide of its anodes"""
    case = _carbon_cell() | {"emissions": {"net_carbon": "0.41 kg/kg", "carbon_content": 0.98}}
    return Posed(case, 0.41 * 0.98 * 44.009 / 12.011, lambda a: a.report["emissions"]["scope1_parts_t"]["anode_carbon"])


@check("coupled", "emissions", "energy over efficiency, and auxiliaries", "t/t", 1e-9)
def electricity(n):
    """Cell behind rectifiers of 96 %, on electricity of 0.5 kg/kWh, its own energy as it reports it: carbon dioxide for
    each kWh of it"""
    case = cell() | {
        "emissions": {"rectifier_efficiency": 0.96, "auxiliary_energy": "0 kWh/kg", "grid_factor": "0.5 kg/kWh"}
    }

    def measured(answer):
        return answer.report["emissions"]["scope2_t"] / answer.report["productivity"]["specific_energy_kWh_per_kg"]

    return Posed(case, 0.5 / 0.96, measured)


@check("coupled", "cell output", "Faraday's law; a year of 365.25 days", "wt %", 3e-9)
def wear(n):
    """Anode that loses 2 cm of 7900 kg/m³ in a year, all of it into the metal: impurity"""
    case = cell(0.9) | {"anode_wear": {"rate": "0.02 m/year", "density": "7900 kg/m3"}}
    case["boxes"][2]["anode"] = "anode"
    lost = 7900.0 * 0.02 / (365.25 * 86400.0)  # kg/m²/s
    exact = 100.0 * lost / (0.9 * 200.0 * 0.0269815385 / (3 * F))
    return Posed(case, exact, lambda a: a.report["productivity"]["metal_impurity_wt_percent"])


@check("coupled", "emissions", "masses times the warming potentials that are stated", "t/t", 1e-12)
def perfluorocarbons(n):
    """Cell that loses 0.04 kg of CF4 for each tonne, a tenth of it as C2F6 on top: carbon dioxide equivalent"""
    case = _carbon_cell() | {"emissions": {"cf4": "4e-5 kg/kg", "cf4_warming": 7000.0, "c2f6_warming": 12000.0}}
    return Posed(case, 4e-5 * 7000.0 + 4e-6 * 12000.0, lambda a: a.report["emissions"]["pfc_t"])


@check(
    "coupled",
    "emissions",
    "0.14 kg CF4 and 0.018 kg C2F6 a minute (Welch 2008), times the potentials that are stated",
    "t/t",
    1e-12,
)
def anode_effects(n):
    """Cell with 0.1 anode-effect minutes in a day: carbon dioxide equivalent, the same as of the gases stated by
    mass"""
    case = _carbon_cell() | {
        "emissions": {"anode_effects": "0.1 min/day", "cf4_warming": 7000.0, "c2f6_warming": 12000.0}
    }
    return Posed(case, 0.1 * (0.14e-3 * 7000.0 + 0.018e-3 * 12000.0), lambda a: a.report["emissions"]["pfc_t"])


@check("coupled", "cell output", "voltages in series", "V", 1e-9)
def line_voltage(n):
    """Thirty cells in series: voltage of the line, less that of their reaction"""
    ohmic = 30 * 200.0 * (0.1 / 3e6 + 0.04 / 180.0 + 0.2 / 1e5)
    case = cell() | {"section": {"cells": 30}}
    return Posed(case, ohmic, lambda a: a.report["section"]["line_voltage_V"] - 30 * a.part("reversible"), 90.0)


JANAF = "CO2 of −393.522 kJ/mol, and 44.473 more at 1200 K (JANAF 4th ed.)"


@check("coupled", "cell output", f"{NIST}; {JANAF}; alumina and carbon at 298.15 K", "kWh/kg", 1e-3)
def least_energy(n):
    """Cell with carbon anodes at a current efficiency of 0.93: minimum energy of its reaction"""
    exact = (2 * enthalpy("Al", T) + 1.5 * (44.473e3 - 393.522e3) + FORMATION) / (2 * 0.0269815385) / 3.6e6
    return Posed(_carbon_cell(), exact, lambda a: a.report["productivity"]["minimum_energy_kWh_per_kg"])


@check("coupled", "symmetry", "the current that is stated", "A", 1e-10)
def anode_cut_in_half(n):
    """Cell of which half is modelled, its one anode cut by the plane: current of the anode"""
    case = cell()
    case["boxes"][2]["anode"] = "anode"
    case["mesh"] |= {"symmetry": ["x"]}
    return Posed(case, 200.0, lambda a: a.report["anodes"]["list"][0]["current_A"])
