"""Where each figure of a report comes from: its formula, in terms of the arrays under /oxycell of fields.hdf."""

WHERE = {
    "status": "/oxycell/status",
    "alerts": "cells/temperature, thermal/surface_temperature and lump_temperature against limits; "
    "electric/current over limiting/area "
    "against limiting/density; the electrolyte's temperature against ledge/liquidus; terminals that no "
    "electric/face joins; "
    "thermal/alone",
    "balance.charge": "largest of |Σ terminals.current_A| and, cell by cell, |Σ electric/current|; over ½ Σ "
    "|terminals.current_A|",
    "balance.electric_power": "|Σ I_t φ_t − Σ I_f (drop_owner + drop_neighbour + law drops) − Σ R I_t²|, laws of "
    "the part "
    "'reversible' summed apart; over Σ |I_t φ_t|",
    "balance.heat": "largest of |Σ sources + Σ face_sources − Σ boundary heat_neighbour − stored|, each balance "
    "row's and each "
    "face's own residual; over Σ |sources|",
    "balance.voltage": "|Σ voltage.parts − voltage.cell_V| over cell_V",
    "balance.energy": "|I · cell_V − Σ heat.losses − external_W − stored_W − process_W| over I · cell_V",
    "balance.*.floor": "multiplicity × /oxycell/floor over the same scale",
    "terminals.*.current_A": "−multiplicity × Σ electric/current over the faces of electric/terminal",
    "terminals.*.potential_V": "electric/terminal_node_potential + electric/terminal_external_resistance × current_A",
    "voltage.cell_V": "potential_V of the terminal the current enters by, less that of the one it leaves by",
    "voltage.parts": "multiplicity × Σ electric/current × drop / I: half-face drops (drop_owner, drop_neighbour) "
    "by cells/part, "
    "electric/laws/*/drop by the law's part; external also Σ R I_t² / I; of drops in cells with gas_fraction ε "
    "the share "
    "1 − (1 − ε)^1.5 in bubbles",
    "voltage.interfaces": "multiplicity × Σ electric/current × drop / I of electric/laws/* by interface and kind: "
    "equilibrium, "
    "contact, all others",
    "voltage.external_V": "voltage.parts.external",
    "heat.generated_W": "Σ heat.sources_W",
    "heat.sources_W": "multiplicity × Σ thermal/sources/*/heat and thermal/face_sources/*/heat",
    "heat.process_W": "I × equivalent_voltage_V (without [process]: Σ I_f E_rev)",
    "heat.equivalent_voltage_V": "V_eq(current efficiency, electrolyte temperature), feed cold and products at "
    "that temperature, from "
    "NASA polynomials (McBride et al., TM-4513); the heat of dissolution cancels in it",
    "heat.external_W": "I × voltage.external_V",
    "heat.stored_W": "multiplicity × thermal/stored",
    "heat.losses": "multiplicity × Σ thermal/heat_neighbour over boundary faces by thermal/path",
    "heat.pool_W": "multiplicity × Σ pool_sign × heat on the lump's side (heat_owner or heat_neighbour) by "
    "thermal/pool_path",
    "heat.lump_temperatures_K": "thermal/lump_temperature",
    "anodes.list.current_A": "Σ electrodes/sign × electric/current over the anode's wetted faces, × 2 for each "
    "symmetry plane that "
    "cuts the anode",
    "anodes.list.mean_current_density_A_m2": "current over the area of the faces marked electrodes/active",
    "anodes.list.peak_current_density_A_m2": "value that 99 % of the wetted area stays below",
    "anodes.list.mean_temperature_K": "cells/temperature by cells/volume, over the anode's regions that touch the "
    "electrolyte",
    "anodes.non_uniformity": "(largest − smallest)/mean of current_A",
    "ledge.mean_m": "ledge/thickness by face area; min_m, max_m over the faces",
    "ledge.heat_W": "multiplicity × Σ ledge/heat",
    "ledge.profile": "the same by level (face centre z) and pool",
    "melting": "melting/NAME/point, where ∫ k dT from the centre of a cell to its surface passes the melting "
    "point, by melting/NAME/area; "
    "volumes are multiplicity × Σ liquid_fraction × cells/volume",
    "productivity.current_efficiency": "by process.current_efficiency_model, at the electrolyte's temperature and "
    "cathode_current_density_A_m2",
    "productivity.cathode_current_density_A_m2": "I over multiplicity × process/cathode_area, or over "
    "process.cathode_area of the case",
    "productivity.aluminium_kg_per_day": "CE · I · M_Al/(3 F) · 86400 s",
    "productivity.oxygen_kg_per_day": "1.5 mol O2 per mol Al2O3, less what the back reaction takes",
    "productivity.alumina_kg_per_day": "CE · I · M_Al2O3/(6 F) · 86400 s",
    "productivity.carbon_kg_per_day": "emissions.net_carbon of the case · aluminium; by default "
    "carbon_theoretical + 0.051 kg per kg",
    "productivity.carbon_theoretical_kg_per_day": "1.5 · I · M_C/(6 F) · 86400 s: the electrode reaction, no "
    "airburn, no dust",
    "productivity.specific_energy_kWh_per_kg": "cell_V over aluminium per charge (DC)",
    "productivity.minimum_energy_kWh_per_kg": "V_eq at CE = 1 and the electrolyte's temperature, over aluminium "
    "per charge",
    "productivity.energy_efficiency": "minimum_energy over specific_energy",
    "productivity.anode_wear_m_per_year": "anode_wear.rate of the case",
    "productivity.metal_impurity_wt_percent": "100 · metal_share · density · wear/(CE · i · M_Al/3F), i = Σ "
    "anodes.current_A over "
    "Σ active_area_m2 or wetted_area_m2",
    "emissions.scope1_t": "carbon_kg_per_day/aluminium · carbon_content · 44.01/12.01 + pfc_t + emissions.fuel of "
    "the case",
    "emissions.scope2_t": "grid_factor · ac_energy_kWh_per_kg",
    "emissions.ac_energy_kWh_per_kg": "specific_energy/rectifier_efficiency + auxiliary_energy",
    "emissions.pfc_t": "0 without carbon anodes; else cf4 · cf4_warming + c2f6 · c2f6_warming, whose masses are "
    "those of the case, or "
    "anode_effects · anode_effect_cf4 and anode_effects · anode_effect_c2f6",
    "emissions.inventory": "gases of scope1_t: mass per tonne, warming potential and their product",
    "emissions.by_grid": "scope2_t and total_t with the factors of the table of published grids",
    "section": "cells in series: cells · cell_V, cells · powers; a year is 365.25 days · availability",
    "probes": "the cell's value and the slopes from its centre to its own side of its faces (potential: "
    "drop_owner, drop_neighbour; "
    "temperature: surface_temperature); flux densities from electric/current, thermal/heat_owner and "
    "heat_neighbour over area",
    "lines": "as probes, at even steps and on both sides where the line passes from region to region",
    "integrals.*.current_A": "copies × Σ sign × electric/current over integrals/NAME/face",
    "integrals.*.heat_W": "copies × Σ sign × thermal/heat_owner or heat_neighbour over integrals/NAME/face, on "
    "the side named",
    "integrals.*.joule_heat_W": "copies × Σ electric/current × drop_owner, drop_neighbour of integrals/NAME/cell",
    "integrals.*.temperature_K": "surface values of faces by area, values of cells by volume; "
    "electric_potential_V alike",
    "claims": "published figures against productivity, emissions, anodes and voltage of this report",
}
