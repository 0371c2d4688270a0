"""Seeded faults of physics: small changes of the source that the verification suite has to notice.

`FAULTS` maps a name to (file in the package, text that stands there once, what takes its place). They are what slips in when
equations become code: a sign, a factor of two, a mean, a unit, a side, something left out; none breaks a program.
"""

FAULTS = {
    # Charge between cells.
    "conductivity of the owner for both half cells": ("physics/conduction.py", "/ conductivity[other] if", "/ conductivity[one] if"),
    "arithmetic mean of the conductivities": (
        "physics/conduction.py",
        "distance[at[f], 0] / conductivity[one], distance[at[f], 1] / conductivity[other] if",
        "distance[at[f], 0] / (0.5 * conductivity[one] + 0.5 * conductivity[other]), "
        "distance[at[f], 1] / (0.5 * conductivity[one] + 0.5 * conductivity[other]) if",
    ),
    "potential at rest with the wrong sign": ("physics/conduction.py", " - rest[k], half", " + rest[k], half"),
    "law's current not turned back to the owner's side": ("physics/conduction.py", "sign[k] * J * area[k]", "J * area[k]"),
    "resistance of the terminal left out": ("physics/conduction.py", "one + other + extra[last] if", "one + other if"),
    "Joule heat of one half cell only": (
        "physics/conduction.py",
        "heat[neighbour[face[f]]] +=",
        "heat[neighbour[face[f]]] += 0.0 *",
    ),
    "Joule heat halved": ("physics/conduction.py", "made = current[f] *", "made = 0.5 * current[f] *"),
    "thermal voltage in degrees Celsius": (
        "physics/electric.py",
        "GAS_CONSTANT / FARADAY * T_law",
        "GAS_CONSTANT / FARADAY * (T_law - 273.15)",
    ),
    "ledge does not narrow the current": ("physics/electric.py", "found[covered] *= share", "found[covered] *= 1.0"),
    # Electrode laws.
    "asinh without its two": ("physics/interfaces.py", "x = J / (2.0 * exchange)", "x = J / exchange"),
    "asinh slope per decade": (
        "physics/interfaces.py",
        "b = thermal_voltage / anodic\n",
        "b = 2.302585092994046 * thermal_voltage / anodic\n",
    ),
    "asinh with the transfer number above": ("physics/interfaces.py", "b = thermal_voltage / anodic\n", "b = thermal_voltage * anodic\n"),
    "Butler–Volmer without its sign": (
        "physics/interfaces.py",
        "return thermal_voltage * y,",
        "return thermal_voltage * abs(y),",
    ),
    "Butler–Volmer without its back reaction": ("physics/interfaces.py", "step = (x - (p - m)) /", "step = (x - p) /"),
    "cathodic coefficient ignored": ("physics/interfaces.py", "= law.anodic, law.cathodic", "= law.anodic, law.anodic"),
    "no activation at all": (
        "physics/interfaces.py",
        "return eta + eta_c + eta_l + bubbles, slope",
        "return eta_c + eta_l + bubbles, slope",
    ),
    "concentration in decades": ("physics/interfaces.py", "0.125 * b * np.log1p(x8),", "0.125 * b * np.log10(1.0 + x8),"),
    "concentration for either sign": ("physics/interfaces.py", "if J <= 0.0 or b == 0.0:", "J = max(abs(J), 1e-30)\n    if b == 0.0:"),
    "limiting current left out": (
        "physics/interfaces.py",
        "return eta + eta_c + eta_l + bubbles, slope",
        "return eta + eta_c + bubbles, slope",
    ),
    "limiting current at its reference temperature": (
        "physics/interfaces.py",
        "self.limit + self.limit_slope * (T - self.limit_at)",
        "self.limit + 0.0 * T",
    ),
    "limiting current with its logarithm upside down": ("physics/carbon.py", "b * (-np.log1p(-curved)", "b * (np.log1p(curved)"),
    "bubble layer counted beside the clean bath": ("physics/carbon.py", "(2.0 * share - 1.0) / (1.0 - share)", "share / (1.0 - share)"),
    "bubble layer in S/m": ("physics/carbon.py", "kappa = 0.01 * conductivity", "kappa = conductivity"),
    "facing down taken for up": ("physics/interfaces.py", "return upward < -0.5", "return upward > 0.5"),
    "temperature of the electrode's other side": ("case/electric.py", "(sign > 0) != second", "(sign > 0) == second"),
    # Contacts.
    "electric contact left out": ("physics/interfaces.py", "resistance[here] += law.electric", "resistance[here] += 0.0"),
    "electric contact doubled": ("physics/interfaces.py", "resistance[here] += law.electric", "resistance[here] += 2.0 * law.electric"),
    "several resistances: the last": ("physics/interfaces.py", "facing)] += law.resistance", "facing)] = law.resistance"),
    "thermal contact left out": ("case/thermal.py", "sum(law.thermal for law in spec.laws", "sum(0.0 * law.thermal for law in spec.laws"),
    "several thermal contacts: the largest": (
        "case/thermal.py",
        'sum(law.thermal for law in spec.laws if law.kind == "contact")',
        'max([law.thermal for law in spec.laws if law.kind == "contact"], default=0.0)',
    ),
    "insulation conducts": ("case/electric.py", "& ~blocked[interface[faces]]", ""),
    "heat of a law on the other surface": ("physics/currents.py", "(sign > 0) == (place == 0)", "(sign > 0) != (place == 0)"),
    "heat of a contact on one surface": ("physics/currents.py", "np.full(heat.size, 0.5)", "np.full(heat.size, 1.0)"),
    # Gas in gaps.
    "Bruggeman's exponent 1": ("physics/gas.py", "BRUGGEMAN = 1.5", "BRUGGEMAN = 1.0"),
    "gas does not rise": ("physics/gas.py", "flow[s] = risen + volume[s] * made", "flow[s] = volume[s] * made"),
    "gas at two electrons": ("physics/gas.py", "(spec.electrons * FARADAY * pressure)", "(2.0 * FARADAY * pressure)"),
    "gap half as wide": ("physics/gas.py", "np.where(closed, deep,", "np.where(closed, 0.5 * deep,"),
    # Supplies and sources.
    "current density out of the body": ("physics/supplies.py", "/ behind, -self.density)", "/ behind, self.density)"),
    "fixed potential at the cell's centre": ("physics/electric.py", "self.half_cells(at, sigma)", "1e-3 * self.half_cells(at, sigma)"),
    "several current densities: the last": ("case/feeding.py", "density[faces] += at.values", "density[faces] = at.values"),
    "source for each cell, not its volume": (
        "physics/sources.py",
        "value * self.volume,",
        "value * np.full(self.volume.size, self.volume.mean()),",
    ),
    "total source on a part of the model": (
        "case/feeding.py",
        "total / (mesh.multiplicity * float(volume.sum()))",
        "total / float(volume.sum())",
    ),
    "table along the next axis": ("physics/varying.py", "np.interp(points[:, axis],", "np.interp(points[:, (axis + 1) % 3],"),
    # Heat through faces.
    "thermal contact forgotten between solids": ("physics/face_heat.py", "g = 1.0 / (ra + R + rb)", "g = 1.0 / (ra + rb)"),
    "heat of a surface all to the owner": (
        "physics/face_heat.py",
        "(source[f, 0] * (R + rb) + source[f, 1] * rb)",
        "(source[f, 0] + source[f, 1]) * (ra + R + rb)",
    ),
    "heat of a surface past its contact": ("physics/face_heat.py", "source[f, 0] * (R + rb) +", "source[f, 0] * rb +"),
    "surface temperature over the other half cell": (
        "physics/face_heat.py",
        "surface[f, 0], surface[f, 1] = Ta - leaving[f] * ra / A,",
        "surface[f, 0], surface[f, 1] = Ta - leaving[f] * rb / A,",
    ),
    "several laws on a surface: the last": ("physics/outside.py", "flux, slope = flux + q, slope + dq", "flux, slope = q, dq"),
    "radiation with the third power": (
        "physics/boundaries.py",
        "(T * cube - self.surroundings**4)",
        "(cube - self.surroundings**3) * 700.0",
    ),
    "radiation in degrees Celsius": ("physics/boundaries.py", "cube = np.abs(T) ** 3", "T = T - 273.15\n        cube = np.abs(T) ** 3"),
    "view factor ignored": ("physics/boundaries.py", "factor = self.view_factor * self.emissivity", "factor = self.emissivity"),
    "emissivity ignored": ("physics/boundaries.py", "factor = self.view_factor * self.emissivity", "factor = self.view_factor"),
    "film ten per cent off": ("physics/boundaries.py", "return h * (T - self.fluid),", "return 1.1 * h * (T - self.fluid),"),
    "film coefficient that varies: at the fluid's temperature": (
        "physics/boundaries.py",
        "value_and_slope(self.coefficient, T)",
        "value_and_slope(self.coefficient, self.fluid + 0.0 * T)",
    ),
    "heat flux outwards": ("physics/boundaries.py", "np.broadcast_to(-self.value", "np.broadcast_to(self.value"),
    "vertical plate: laminar only": ("physics/natural_convection.py", "return (0.825 + share) ** 2,", "return 0.825**2 + share * share,"),
    "hot plate up taken for down": ("physics/natural_convection.py", "if upward > 0 else", "if upward < 0 else"),
    "air at the temperature of the surface": ("physics/natural_convection.py", "mean = 0.5 * (T[i] + fluid[i])", "mean = T[i]"),
    # Pools and gas spaces.
    "film of a pool doubled": ("case/thermal.py", "return 1.0 / coefficient\n", "return 2.0 / coefficient\n"),
    "emissivity of a gas space ignored": ("case/thermal.py", "[side], lump.emissivity", "[side], 1.0"),
    "skin under a gas space forgotten": (
        "physics/face_heat.py",
        "gas[1], behind + contact, gas[3], emissivity)",
        "gas[1], behind, gas[3], emissivity)",
    ),
    "heat of the skin's gas side raised by its solid only": (
        "physics/face_heat.py",
        "at_gas * (behind + contact), gas[1]",
        "at_gas * behind, gas[1]",
    ),
    # Ledge.
    "front takes its heat past the wall": ("physics/ledge.py", "(pool - liquidus) / film", "(pool - liquidus) / (film + behind)"),
    "front counted from the far side of cells": ("physics/ledge.py", "centre = 0.5 * (start[e] + end[e])", "centre = end[e]"),
    "contact behind the ledge forgotten": ("physics/ledge.py", "share / (half + contact[i])", "share / half"),
    "front as large as its wall where it slopes": ("physics/ledge.py", "return np.sqrt(square)", "return np.ones(square.size)"),
    "fronts meet in a corner one thickness away": ("physics/ledge.py", "_CORNER = 1.0 + 2.0 / np.pi *", "_CORNER = 1.0 + 0.0 / np.pi *"),
    # Process.
    "reversible heat given, not taken": ("physics/electric.py", "peltier[taking] = laws", "peltier[taking] = -laws"),
    "reversible heat in full at each electrode": (
        "physics/electric.py",
        "peltier[taking] = laws.reversible_share[taking] *",
        "peltier[taking] = 1.0 *",
    ),
    "alumina warms the bath": (
        "physics/coupled.py",
        "-current * float(process.alumina_feed_voltage",
        "current * float(process.alumina_feed_voltage",
    ),
    "all of the metal burns back": ("cell/electrochemistry.py", "return (1.0 - x) * back, (1.0 - x) * slope", "return back, slope"),
    "current efficiency left out of the feed": ("cell/electrochemistry.py", "return x * taken /", "return taken /"),
    "alumina fed at 0 °C": (
        "cell/electrochemistry.py",
        "enthalpy(species, self.feed_temperature),",
        "enthalpy(species, self.feed_temperature - 25.0),",
    ),
    "heat of dissolution with the wrong sign": (
        "cell/electrochemistry.py",
        "return heat - self.dissolution_enthalpy /",
        "return heat + self.dissolution_enthalpy /",
    ),
    "Nernst's law with its quotient upside down": ("cell/electrochemistry.py", "(gas - np.log(activity))", "(gas + np.log(activity))"),
    "Nernst's law for one mole of gas": ("cell/electrochemistry.py", "self.reaction.moles[self.reaction.gas] * np.log(", "np.log("),
    "aluminium with two electrons": ("cell/electrochemistry.py", 'MOLAR_MASS["Al"], 3.0)', 'MOLAR_MASS["Al"], 2.0)'),
    "current efficiency left out of the metal": (
        "cell/electrochemistry.py",
        'return self.efficiency(T)[0] * faraday_rate(current, MOLAR_MASS["Al"]',
        'return faraday_rate(current, MOLAR_MASS["Al"]',
    ),
    "back reaction makes oxygen": ("cell/electrochemistry.py", "+ lost * self.reaction.back", "- lost * self.reaction.back"),
    "current efficiency in powers of e": ("cell/current_efficiency.py", "_held(10.0 ** np.minimum(", "_held(np.e ** np.minimum("),
    # Materials and mesh.
    "table without its first interval": (
        "material.py",
        "np.interp(T, self.temperatures, self.values)",
        "np.interp(T, self.temperatures[1:], self.values[1:])",
    ),
    "table read in degrees Celsius": (
        "material.py",
        "np.interp(T, self.temperatures, self.values)",
        "np.interp(T - 273.15, self.temperatures, self.values)",
    ),
    "resistivity taken for conductivity": ("material.py", "return 1.0 / value, -slope / value**2", "return value, slope"),
    "distance to the far centre": ("mesh/lattice.py", "np.stack([h[:-1], h[1:]], 1)", "np.stack([h[1:], h[:-1]], 1)"),
    "whole cell at the boundary": ("mesh/lattice.py", "np.stack([h, np.zeros(h.size)], 1)", "np.stack([2.0 * h, np.zeros(h.size)], 1)"),
    "area from one width": ("mesh/lattice.py", "one[there] * other[there]", "one[there] * one[there]"),
    "volumes halved": ("mesh/lattice.py", "cell_volume=wide[0]", "cell_volume=0.5 * wide[0]"),
    "two symmetry planes make three copies": ("mesh/lattice.py", "multiplicity=2 ** len(symmetry)", "multiplicity=1 + len(symmetry)"),
    "current of the whole model on a part": ("case/electric.py", "share = 1.0 / mesh.multiplicity", "share = 1.0"),
    "clamp resistance on the area of the part": ("case/electric.py", "mesh.whole_area(faces)", "mesh.area[faces].sum()"),
    # Report.
    "voltage from the wrong end": ("report/voltage.py", "mean(currents) - mean(-currents)", "mean(currents) + mean(-currents)"),
    "voltage parts of a part of the model": ("report/voltage.py", "((name, scale * float(value))", "((name, float(value))"),
    "external resistance without its square": ("report/voltage.py", "* terminal_currents(record) ** 2", "* terminal_currents(record)"),
    "losses of a part of the model": ("report/heat.py", '"][boundary], scale * thermal', '"][boundary], 1.0 * thermal'),
    "heat of a pool with the wrong sign": ("report/heat.py", '-thermal["heat_neighbour"][at])', 'thermal["heat_neighbour"][at])'),
    "a day of 86400 minutes": ("report/productivity.py", "DAY = 86400.0", "DAY = 86400.0 * 60.0"),
    "kilowatt hours in kilojoules": ("report/productivity.py", "KWH = 3.6e6", "KWH = 3.6e3"),
    "wear of a day": ("report/productivity.py", "wear / YEAR /", "wear / DAY /"),
    "carbon counted as carbon dioxide": ("report/emissions.py", ' * MOLAR_MASS["CO2"] / MOLAR_MASS["C"]', ""),
    "rectifier that gains energy": (
        "report/emissions.py",
        "energy / options.rectifier_efficiency",
        "energy * options.rectifier_efficiency",
    ),
    "surface potential on the wrong side of its cell": (
        "report/values.py",
        'found[place, 0] -= terms["drop_owner"]',
        'found[place, 0] += terms["drop_owner"]',
    ),
    "gradient from the distance squared": (
        "report/values.py",
        "weight * normal[:, i] * rise / away,",
        "weight * normal[:, i] * rise / away**2,",
    ),
    "jump of a joint from second to first": ("report/integrals.py", "ends[0] - ends[1]", "ends[1] - ends[0]"),
    "mean of cells, not of volume": (
        "report/integrals.py",
        "total((values * weight)[there]) / total(weight[there])",
        "total(values[there]) / there.sum()",
    ),
    "current against the plane's axis": ("case/probes.py", "below[mesh.owner[face]], 1, -1)", "below[mesh.owner[face]], -1, 1)"),
    # What cells and users add.
    "facing of the owner, not of the first region": ("case/electric.py", "sign * mesh.normal[mesh_face, 2]", "mesh.normal[mesh_face, 2]"),
    "gas of faces that look down": (
        "physics/gas.py",
        "np.abs(mesh.normal[electric_face, 2]) < 0.5",
        "np.abs(mesh.normal[electric_face, 2]) < 1.5",
    ),
    "gap between two anodes taken whole by both": ("physics/gas.py", "0.5 * deep, deep)", "deep, deep)"),
    "carbon warms the anodes": ("physics/coupled.py", "-carbon * sign", "carbon * sign"),
    "frozen bath conducts in full beside its columns": ("physics/ledge.py", "if not through[i]:", "if False:"),
    "conductivity along x for all axes": ("physics/skew.py", "factors[side, along]", "factors[side, 0]"),
    "dissolved metal as a share, not per cent": ("cell/current_efficiency.py", '(100.0 * MOLAR_MASS["Al"]', '(MOLAR_MASS["Al"]'),
    "least energy at the cell's own efficiency": (
        "cell/electrochemistry.py",
        "ideal = Process(self.reaction, feed",
        "ideal = Process(self.reaction, self.current_efficiency, feed",
    ),
    "as much C2F6 as CF4": ("case/emissions.py", "0.1 * cf4", "cf4"),
    "section at the voltage of a cell": ("report/emissions.py", 'number(cells * voltage["cell_V"])', 'number(voltage["cell_V"])'),
    "plane of symmetry counted twice": ("case/probes.py", "copies // 2 if", "copies if"),
    "flux into the neighbour with the wrong sign": (
        "report/values.py",
        "terms[out][at], -terms[into][at]",
        "terms[out][at], terms[into][at]",
    ),
    "Joule heat of a region without its neighbours' faces": (
        "io/fields.py",
        "heat += np.bincount(neighbour",
        "heat += 0.0 * np.bincount(neighbour",
    ),
    "half an anode for a whole one": ("report/anodes.py", "number(copies * total(current))", "number(total(current))"),
    "tetrahedra a third of their prism": (
        "mesh/polyhedra.py",
        "np.cross(b - middle, c - middle)) / 6.0",
        "np.cross(b - middle, c - middle)) / 3.0",
    ),
    "triangles twice as large": ("mesh/polyhedra.py", "vector[triangle] = 0.5 *", "vector[triangle] = 1.0 *"),
    "unit of length of a mesh file ignored": ("mesh/read.py", "points[used] * scale)", "points[used] * 1.0)"),
    # Conductivities that vary with temperature.
    "mean of k is that of the cell's centre": (
        "physics/kirchhoff.py",
        "behind = 2.0 * distance / (value + at_surface)",
        "behind = distance / value",
    ),
    "mean of k is that of the ends": (
        "physics/kirchhoff.py",
        "    return total / (high - low)",
        "    return 0.5 * (at_low + at_high)",
    ),
    "integral of k by rectangles": (
        "physics/kirchhoff.py",
        "total = np.r_[0.0, np.cumsum(0.5 * (value[1:] + value[:-1]) * np.diff(at))]",
        "total = np.r_[0.0, np.cumsum(value[:-1] * np.diff(at))]",
    ),
    "frozen bath conducts as at its liquidus": (
        "case/thermal.py",
        "found, origins = [*found, _frozen(ledge)], [*origins, ledge.liquidus]",
        'found, origins = [*found, Constant(float(ledge.conductivity.at(ledge.liquidus)), "W/m/K")], [*origins, ledge.liquidus]',
    ),
    "wall behind the ledge with the conductivity of its centre": (
        "physics/ledge_heat.py",
        "linked[i] = area * q",
        "linked[i] = conductance[i] * (Ta - Tb)",
    ),
    "resistivity not weighted with k": (
        "physics/resistivity.py",
        "+ (k_high - k_low) * (high - low) / 12.0, 0.5 * (k_low + k_high)",
        ", 0.5 * (k_low + k_high)",
    ),
    "resistivity of a half cell at its centre": (
        "physics/resistivity.py",
        "mean[n, 0] = 1.0 / mean_resistivity(m, here, surface, tables)",
        "mean[n, 0] = 1.0 / mean_resistivity(m, here, here, tables)",
    ),
}
