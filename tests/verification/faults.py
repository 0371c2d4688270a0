"""Seeded faults of physics: small changes of the source that the verification suite has to notice.

`FAULTS` maps a name to (file in the package, text that stands there once, what takes its place). They are what slips in
when equations become code: a sign, a factor of two, a mean, a unit, a side, something left out; none breaks a program.
"""

from tests.verification.faults_in_time import FAULTS_IN_TIME

FAULTS = {
    # Charge between cells.
    "conductivity of the owner for both half cells": (
        "physics/charge/conduction.py",
        "/ conductivity[other] if",
        "/ conductivity[one] if",
    ),
    "arithmetic mean of the conductivities": (
        "physics/charge/conduction.py",
        "distance[at[f], 0] / conductivity[one], distance[at[f], 1] / conductivity[other] if",
        "distance[at[f], 0] / (0.5 * conductivity[one] + 0.5 * conductivity[other]), "
        "distance[at[f], 1] / (0.5 * conductivity[one] + 0.5 * conductivity[other]) if",
    ),
    "equilibrium potential with the wrong sign": (
        "physics/charge/conduction.py",
        " - rest[k], half",
        " + rest[k], half",
    ),
    "law's current not turned back to the owner's side": (
        "physics/charge/conduction.py",
        "sign * J * area[k]",
        "J * area[k]",
    ),
    "resistance of the terminal left out": (
        "physics/charge/conduction.py",
        "one + other + extra[last] if",
        "one + other if",
    ),
    "Joule heat of one half cell only": (
        "physics/charge/conduction.py",
        "into[neighbour[face[f]]] +=",
        "into[neighbour[face[f]]] += 0.0 *",
    ),
    "Joule heat halved": ("physics/charge/conduction.py", "made = current[f] *", "made = 0.5 * current[f] *"),
    "thermal voltage in degrees Celsius": (
        "physics/electrode/drops.py",
        "GAS_CONSTANT / FARADAY * T",
        "GAS_CONSTANT / FARADAY * (T - 273.15)",
    ),
    "ledge does not narrow the current": (
        "physics/charge/electric.py",
        "found[covered] *= share",
        "found[covered] *= 1.0",
    ),
    # Electrode laws.
    "asinh without its two": ("physics/electrode/kinetics.py", "x = J / (2.0 * exchange)", "x = J / exchange"),
    "asinh slope per decade": (
        "physics/electrode/drops.py",
        "p[0], thermal_voltage / p[1]",
        "p[0], 2.302585092994046 * thermal_voltage / p[1]",
    ),
    "asinh with the transfer number above": (
        "physics/electrode/drops.py",
        "p[0], thermal_voltage / p[1]",
        "p[0], thermal_voltage * p[1]",
    ),
    "Butler–Volmer without its sign": (
        "physics/electrode/kinetics.py",
        "return thermal_voltage * y,",
        "return thermal_voltage * abs(y),",
    ),
    "Butler–Volmer without its back reaction": (
        "physics/electrode/kinetics.py",
        "step = (x - (p - m)) /",
        "step = (x - p) /",
    ),
    "cathodic coefficient ignored": (
        "physics/electrode/laws.py",
        "self.anodic, self.cathodic",
        "self.anodic, self.anodic",
    ),
    "Tafel slope over a factor e": (
        "physics/electrode/laws.py",
        "(self.slope or 0.0) * PER_DECADE",
        "(self.slope or 0.0)",
    ),
    "Tafel's law without its sign": (
        "physics/electrode/kinetics.py",
        "slope * J, slope return np.copysign(b, J) * (np.log",
        "slope * J, slope\n    return b * (np.log",
    ),
    "line below Tafel's law that meets it at J0": (
        "physics/electrode/kinetics.py",
        "slope = b / (np.e * exchange)",
        "slope = b / exchange",
    ),
    "linear kinetics for one electron": (
        "physics/electrode/drops.py",
        "/ (p[1] * p[0])",
        "/ p[0]",
    ),
    "stated Tafel slope ignored": (
        "physics/electrode/drops.py",
        "J, p[0], (p[2] if p[2] > 0.0",
        "J, p[0], (thermal_voltage if p[2] > 0.0",
    ),
    "no activation at all": (
        "physics/electrode/drops.py",
        "CURVED = ASINH",
        "CURVED = CONCENTRATION",
    ),
    "concentration in decades": (
        "physics/electrode/drops.py",
        "0.125 * b * np.log1p(x8),",
        "0.125 * b * np.log10(1.0 + x8),",
    ),
    "concentration for either sign": (
        "physics/electrode/drops.py",
        "if J <= 0.0 or b == 0.0:",
        "J = max(abs(J), 1e-30)\n    if b == 0.0:",
    ),
    "limiting current left out": (
        "physics/electrode/stack.py",
        "order[: np.count_nonzero(branch >= CURVED)]",
        "order[: np.count_nonzero((branch >= CURVED) & (branch < LIMITING_CURRENT))]",
    ),
    "limiting current at its reference temperature": (
        "physics/electrode/carbon.py",
        "limit + slope * (T - at)",
        "limit + 0.0 * T",
    ),
    "limiting current with its logarithm upside down": (
        "physics/electrode/carbon.py",
        "b * (-np.log1p(-curved)",
        "b * (np.log1p(curved)",
    ),
    "bubble layer counted beside the clean bath": (
        "physics/electrode/carbon.py",
        "(2.0 * share - 1.0) / (1.0 - share)",
        "share / (1.0 - share)",
    ),
    "bubble layer in S/m": ("physics/electrode/carbon.py", "kappa = 0.01 * conductivity", "kappa = conductivity"),
    "facing down taken for up": ("mesh/where.py", "return upward < -least", "return upward > least"),
    "temperature of the electrode's other side": (
        "case/building/electric.py",
        "(sign > 0) != second",
        "(sign > 0) == second",
    ),
    # Contacts.
    "electric contact left out": (
        "physics/electrode/laws.py",
        "return (self.electric,) if",
        "return None if",
    ),
    "electric contact doubled": (
        "physics/electrode/laws.py",
        "return (self.electric,) if",
        "return (2.0 * self.electric,) if",
    ),
    "several resistances: the last": (
        "physics/electrode/stack.py",
        "resistance[at] += numbers[0]",
        "resistance[at] = numbers[0]",
    ),
    "thermal contact left out": (
        "case/building/thermal.py",
        "sum(law.thermal for law in spec.laws",
        "sum(0.0 * law.thermal for law in spec.laws",
    ),
    "several thermal contacts: the largest": (
        "case/building/thermal.py",
        'sum(law.thermal for law in spec.laws if law.kind == "contact")',
        'max([law.thermal for law in spec.laws if law.kind == "contact"], default=0.0)',
    ),
    "insulation conducts": ("case/building/electric.py", "& ~blocked[interface[faces]]", ""),
    "heat of a law on the other surface": (
        "physics/charge/currents.py",
        "(sign > 0) == (place == 0)",
        "(sign > 0) != (place == 0)",
    ),
    "heat of a contact on one surface": (
        "physics/charge/currents.py",
        "np.full(heat.size, 0.5)",
        "np.full(heat.size, 1.0)",
    ),
    # Gas in gaps.
    "Bruggeman's exponent 1": ("physics/charge/gas.py", "BRUGGEMAN = 1.5", "BRUGGEMAN = 1.0"),
    "gas does not rise": ("physics/charge/gas.py", "flow[s] = risen + volume * made", "flow[s] = volume * made"),
    "gas at two electrons": (
        "physics/charge/gas.py",
        "(spec.electrons * FARADAY * pressure)",
        "(2.0 * FARADAY * pressure)",
    ),
    "gap half as wide": ("physics/charge/gas.py", "np.where(closed, deep,", "np.where(closed, 0.5 * deep,"),
    # Boundary currents and sources.
    "current density out of the body": (
        "physics/charge/boundary_currents.py",
        "/ behind, -self.density)",
        "/ behind, self.density)",
    ),
    "fixed potential at the cell's centre": (
        "physics/charge/electric.py",
        "self.half_cells(at, sigma)",
        "1e-3 * self.half_cells(at, sigma)",
    ),
    "several current densities: the last": (
        "case/building/boundary_currents.py",
        "density[faces] += at.values",
        "density[faces] = at.values",
    ),
    "source for each cell, not its volume": (
        "physics/sources.py",
        "value * self.volume,",
        "value * (0.0 * self.volume + self.volume.mean()),",
    ),
    "total source on a part of the model": (
        "case/building/sources.py",
        "total / (mesh.multiplicity * float(volume.sum()))",
        "total / float(volume.sum())",
    ),
    "table along the next axis": (
        "physics/varying.py",
        "np.interp(points[:, axis],",
        "np.interp(points[:, (axis + 1) % 3],",
    ),
    # Heat through faces.
    "thermal contact forgotten between solids": (
        "physics/heat/face_heat.py",
        "g = 1.0 / (ra + R + rb)",
        "g = 1.0 / (ra + rb)",
    ),
    "heat of a surface all to the owner": (
        "physics/heat/face_heat.py",
        "(source[f, 0] * (R + rb) + source[f, 1] * rb)",
        "(source[f, 0] + source[f, 1]) * (ra + R + rb)",
    ),
    "heat of a surface past its contact": (
        "physics/heat/face_heat.py",
        "source[f, 0] * (R + rb) +",
        "source[f, 0] * rb +",
    ),
    "surface temperature over the other half cell": (
        "physics/heat/face_heat.py",
        "surface[f, 0], surface[f, 1] = Ta - leaving[f] * ra / A,",
        "surface[f, 0], surface[f, 1] = Ta - leaving[f] * rb / A,",
    ),
    "several laws on a surface: the last": (
        "physics/heat/surface_balance.py",
        "flux, slope = flux + q, slope + dq",
        "flux, slope = q, dq",
    ),
    "radiation with the third power": (
        "physics/heat/boundaries.py",
        "(T * cube - self.surroundings**4)",
        "(cube - self.surroundings**3) * 700.0",
    ),
    "radiation in degrees Celsius": (
        "physics/heat/boundaries.py",
        "cube = np.abs(T) ** 3",
        "T = T - 273.15\n        cube = np.abs(T) ** 3",
    ),
    "view factor ignored": (
        "physics/heat/boundaries.py",
        "factor = self.view_factor * self.emissivity",
        "factor = self.emissivity",
    ),
    "emissivity ignored": (
        "physics/heat/boundaries.py",
        "factor = self.view_factor * self.emissivity",
        "factor = self.view_factor",
    ),
    "film ten per cent off": (
        "physics/heat/boundaries.py",
        "return h * (T - self.fluid),",
        "return 1.1 * h * (T - self.fluid),",
    ),
    "film coefficient that varies: at the fluid's temperature": (
        "physics/heat/boundaries.py",
        "value_and_slope(self.coefficient, T)",
        "value_and_slope(self.coefficient, self.fluid + 0.0 * T)",
    ),
    "heat flux outwards": ("physics/heat/boundaries.py", "np.broadcast_to(-self.value", "np.broadcast_to(self.value"),
    "vertical plate: laminar only": (
        "physics/heat/natural_convection.py",
        "return (0.825 + share) ** 2,",
        "return 0.825**2 + share * share,",
    ),
    "hot plate up taken for down": ("physics/heat/natural_convection.py", "if upward > 0 else", "if upward < 0 else"),
    "air at the temperature of the surface": (
        "physics/heat/natural_convection.py",
        "mean = 0.5 * (T[i] + fluid[i])",
        "mean = T[i]",
    ),
    "laminar and turbulent Nusselt numbers added": (
        "physics/heat/forced_convection.py",
        "np.sqrt(laminar**2 + turbulent**2)",
        "laminar + turbulent",
    ),
    "wind at the temperature of the air": (
        "physics/heat/forced_convection.py",
        "mean = 0.5 * (T[i] + fluid[i])",
        "mean = fluid[i]",
    ),
    # Pools and gas spaces.
    "film of a pool doubled": ("case/building/films.py", "return 1.0 / coefficient\n", "return 2.0 / coefficient\n"),
    "emissivity of a gas space ignored": ("case/building/films.py", "[side], lump.emissivity", "[side], 1.0"),
    "skin under a gas space forgotten": (
        "physics/heat/face_heat.py",
        "gas[1], behind + contact, gas[3], emissivity)",
        "gas[1], behind, gas[3], emissivity)",
    ),
    "heat of the skin's gas side raised by its solid only": (
        "physics/heat/face_heat.py",
        "at_gas * (behind + contact), gas[1]",
        "at_gas * behind, gas[1]",
    ),
    "heat that keeps a pool warm with the wrong sign": (
        "physics/balance.py",
        "reactions = -residual[fixed_rows]",
        "reactions = residual[fixed_rows]",
    ),
    "known temperature of a pool taken for nothing": (
        "case/building/problem.py",
        "lump.temperature or lump.start",
        "lump.start",
    ),
    # Ledge.
    "front takes its heat past the wall": (
        "physics/ledge/ledge.py",
        "(pool - liquidus) / film",
        "(pool - liquidus) / (film + behind)",
    ),
    "front counted from the far side of cells": (
        "physics/ledge/front.py",
        "centre = 0.5 * (start[e] + end[e])",
        "centre = end[e]",
    ),
    "contact behind the ledge forgotten": ("physics/ledge/ledge.py", "share / (half + contact[i])", "share / half"),
    "front as large as its wall where it slopes": (
        "physics/ledge/ledge.py",
        "return np.sqrt(square)",
        "return np.ones(square.size)",
    ),
    "fronts meet in a corner one thickness away": (
        "physics/ledge/ledge.py",
        "_CORNER = 1.0 + 2.0 / np.pi *",
        "_CORNER = 1.0 + 0.0 / np.pi *",
    ),
    "frozen bath touches a floor as hot as its line beyond the front": (
        "physics/ledge/floor.py",
        "return front.colder[self.place], colder, warmer",
        "return 0.0 * front.colder[self.place], colder, warmer",
    ),
    "frozen part of a cell hotter than its centre": (
        "physics/ledge/floor.py",
        "return front.colder[self.place], colder, warmer",
        "return -front.colder[self.place], colder, warmer",
    ),
    "open part of a cell for its frozen one": (
        "physics/ledge/front.py",
        "0.5 * width - (t - start[e]) + moment / length",
        "moment / length",
    ),
    "floor as warm under the frozen part of a cell": (
        "physics/ledge/floor.py",
        "colder = 0.5 * (1.0 - frozen)",
        "colder = 0.0 * frozen",
    ),
    "floor as cold under the open part of a cell": (
        "physics/ledge/floor.py",
        "warmer = 0.5 * frozen",
        "warmer = 0.0 * frozen",
    ),
    "slope of a floor against its direction": (
        "physics/ledge/floor.py",
        "slopes * (solid[other] - solid)",
        "slopes * (solid - solid[other])",
    ),
    "rise of a lip's open part as that of a floor's": (
        "physics/ledge/floor.py",
        "np.where(self.side[at] == 0, 1.0, -1.0) * warmer",
        "1.0 * warmer",
    ),
    "shifts of frozen bath and floor exchanged": ("physics/ledge/floor.py", "= -under, -frozen", "= -frozen, -under"),
    "heat through links without rises": (
        "physics/ledge/heat.py",
        "(tau[links.a] + rise[:, 0] - tau[links.b] - rise[:, 1]) * conductance",
        "(tau[links.a] - tau[links.b]) * conductance",
    ),
    # Fluxes that vary linearly within cells.
    "half of the half cell, not a third, for the opposite flux": (
        "physics/linear_flux.py",
        "enumerate(mesh.lattice.widths)]) / 6.0",
        "enumerate(mesh.lattice.widths)]) / 4.0",
    ),
    "rise with one sign on both faces of a cell": (
        "physics/linear_flux.py",
        "-rises[other] if other >= 0",
        "rises[other] if other >= 0",
    ),
    "opposite flux of one density for all faces": (
        "physics/linear_flux.py",
        "difference += leaving[high[e]] / area[high[e]]",
        "difference += leaving[high[e]] / area[0]",
    ),
    "floor under a ledge with two-point flux": (
        "physics/heat/through.py",
        "np.where(side == 0, 1.0, -1.0) * rise[position, side]",
        "0.0 * rise[position, side]",
    ),
    "linear flux of a floor without what a ledge gives it": (
        "physics/heat/heat_flow.py",
        "np.add.at(leaving, position[side == 0], self.linked[touching[side == 0]])",
        "pass",
    ),
    "pool of known temperature moved by linear fluxes": (
        "solvers/deferred_correction.py",
        "change[balance.fixed_rows] = 0.0",
        "pass",
    ),
    # Process.
    "reversible heat given, not taken": (
        "physics/electrode/stack.py",
        "peltier[at] = parameters",
        "peltier[at] = -parameters",
    ),
    "reversible heat in full at each electrode": (
        "physics/electrode/stack.py",
        "peltier[at] = parameters[rows, 1] *",
        "peltier[at] = 1.0 *",
    ),
    "alumina warms the bath": (
        "physics/current_heat.py",
        "taken = current * float(process.alumina_feed_voltage",
        "taken = -current * float(process.alumina_feed_voltage",
    ),
    "all of the metal burns back": (
        "cell/electrochemistry.py",
        "return (1.0 - x) * back, (1.0 - x) * slope",
        "return back, slope",
    ),
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
    "Nernst's law with its quotient upside down": (
        "cell/electrochemistry.py",
        "(gas - np.log(activity))",
        "(gas + np.log(activity))",
    ),
    "Nernst's law for one mole of gas": (
        "cell/electrochemistry.py",
        "self.reaction.moles[self.reaction.gas] * np.log(",
        "np.log(",
    ),
    "aluminium with two electrons": ("cell/electrochemistry.py", 'MOLAR_MASS["Al"], 3.0)', 'MOLAR_MASS["Al"], 2.0)'),
    "current efficiency left out of the metal": (
        "cell/electrochemistry.py",
        'return self.efficiency(T)[0] * faraday_rate(current, MOLAR_MASS["Al"]',
        'return faraday_rate(current, MOLAR_MASS["Al"]',
    ),
    "back reaction makes oxygen": (
        "cell/electrochemistry.py",
        "+ lost * self.reaction.back",
        "- lost * self.reaction.back",
    ),
    "current efficiency in powers of e": (
        "cell/current_efficiency.py",
        "_held(10.0 ** np.minimum(",
        "_held(np.e ** np.minimum(",
    ),
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
    "resistivity taken for conductivity": ("material.py", "return 1.0 / self.of.at(T)", "return self.of.at(T)"),
    "distance to the far centre": ("mesh/lattice.py", "np.stack([h[:-1], h[1:]], 1)", "np.stack([h[1:], h[:-1]], 1)"),
    "whole cell at the boundary": (
        "mesh/lattice.py",
        "np.stack([h, np.zeros(h.size)], 1)",
        "np.stack([2.0 * h, np.zeros(h.size)], 1)",
    ),
    "area from one width": ("mesh/lattice.py", "one[there] * other[there]", "one[there] * one[there]"),
    "volumes halved": ("mesh/lattice.py", "cell_volume=wide[0]", "cell_volume=0.5 * wide[0]"),
    "two symmetry planes make three copies": (
        "mesh/lattice.py",
        "multiplicity=2 ** len(symmetry)",
        "multiplicity=1 + len(symmetry)",
    ),
    "current of the whole model on a part": (
        "case/building/electric.py",
        "share = 1.0 / mesh.multiplicity",
        "share = 1.0",
    ),
    "clamp resistance on the area of the part": (
        "case/building/electric.py",
        "mesh.whole_area(faces)",
        "mesh.area[faces].sum()",
    ),
    # Report.
    "voltage from the wrong end": (
        "report/voltage.py",
        "mean(currents) - mean(-currents)",
        "mean(currents) + mean(-currents)",
    ),
    "voltage parts of a part of the model": (
        "report/voltage.py",
        "((name, scale * float(value))",
        "((name, float(value))",
    ),
    "external resistance without its square": (
        "report/voltage.py",
        "* terminal_currents(record) ** 2",
        "* terminal_currents(record)",
    ),
    "losses of a part of the model": ("report/heat.py", '"][boundary], scale * thermal', '"][boundary], 1.0 * thermal'),
    "heat of a pool with the wrong sign": (
        "report/heat.py",
        '-thermal["heat_neighbour"][at])',
        'thermal["heat_neighbour"][at])',
    ),
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
    "current against the plane's axis": (
        "case/building/probes.py",
        "below[mesh.owner[face]], 1, -1)",
        "below[mesh.owner[face]], -1, 1)",
    ),
    # What cells and users add.
    "solid taken for liquid": (
        "case/building/materials.py",
        "in (melting.solid, melting.liquid)",
        "in (melting.liquid, melting.solid)",
    ),
    "front seen from the far end of the way": (
        "case/solving/melting.py",
        "centre + share[crossed, None] *",
        "away - share[crossed, None] *",
    ),
    "solid share for the liquid one": (
        "case/solving/melting.py",
        "(one > 0.0, share, 1.0 - share)",
        "(one > 0.0, 1.0 - share, share)",
    ),
    "law of an interface in every place": (
        "case/building/build.py",
        "fits[fits] = spec.where.faces(mesh, faces[fits], sign[fits])",
        "pass",
    ),
    "part of an interface that faces out of the owner": (
        "case/building/build.py",
        "faces(mesh, faces[fits], sign[fits])",
        "faces(mesh, faces[fits], 1)",
    ),
    "film that faces out of the pool": (
        "case/building/films.py",
        "np.where(outer, 1, 2 * side - 1)",
        "np.where(outer, 1, 1 - 2 * side)",
    ),
    "place without its upper end": ("mesh/where.py", "& (points[:, axis] < high + SAME)", ""),
    "integral over all of it": ("case/building/probes.py", "found[key][chosen] for key", "found[key] for key"),
    "equilibrium potential counted as overpotential": (
        "io/fields.py",
        'law["kind"] == "equilibrium" if',
        'law["kind"] == "none" if',
    ),
    "part of a law counts with a process only": (
        "report/voltage.py",
        'law.get("stated", law["part"] == "external")',
        'law["part"] == "external"',
    ),
    "facing of the owner, not of the first region": (
        "case/building/electric.py",
        "sign * mesh.normal[mesh_face, 2]",
        "mesh.normal[mesh_face, 2]",
    ),
    "gas of downward faces": (
        "physics/charge/gas.py",
        "np.abs(mesh.normal[electric_face, 2]) < 0.5",
        "np.abs(mesh.normal[electric_face, 2]) < 1.5",
    ),
    "gap between two anodes taken whole by both": ("physics/charge/gas.py", "0.5 * deep, deep)", "deep, deep)"),
    "carbon warms the anodes": ("physics/current_heat.py", "-carbon * sign", "carbon * sign"),
    "frozen bath conducts in full beside its columns": ("physics/ledge/ledge.py", "if not through[i]:", "if False:"),
    "conductivity along x for all axes": ("physics/skew.py", "factors[side, along]", "factors[side, 0]"),
    "dissolved metal as a share, not per cent": (
        "cell/current_efficiency.py",
        '(100.0 * MOLAR_MASS["Al"]',
        '(MOLAR_MASS["Al"]',
    ),
    "least energy at the cell's own efficiency": (
        "cell/electrochemistry.py",
        "ideal = Process(self.reaction, feed",
        "ideal = Process(self.reaction, self.current_efficiency, feed",
    ),
    "as much C2F6 as CF4": ("case/emissions.py", "0.1 * cf4", "cf4"),
    "gases of anode effects at the warming potential of 1995": (
        "case/emissions.py",
        'return {"CF4": (cf4, self.cf4_warming)',
        'return {"CF4": (cf4, 6500.0 if self.anode_effects else self.cf4_warming)',
    ),
    "section at the voltage of a cell": (
        "report/emissions.py",
        'number(cells * voltage["cell_V"])',
        'number(voltage["cell_V"])',
    ),
    "plane of symmetry counted twice": ("case/building/probes.py", "copies // 2 if", "copies if"),
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
        "physics/heat/series.py",
        "behind, behind_other = 1.0 / (g - bx), 1.0 / (g_other + by)",
        "behind, behind_other = 1.0 / g, 1.0 / g_other",
    ),
    "half cell over points of its table begins at the last one": (
        "physics/heat/series.py",
        "            constant = (g_other + b_other * way) * way - made_one - made_other - flux + flux_other",
        "            constant = (g_other + b_other * way) * way - made_one - made_other",
    ),
    "mean of k is that of the ends": (
        "physics/heat/kirchhoff.py",
        "    return total / (high - low)",
        "    return 0.5 * (at_low + at_high)",
    ),
    "integral of k by rectangles": (
        "physics/heat/kirchhoff.py",
        "total = np.r_[0.0, np.cumsum(0.5 * (value[1:] + value[:-1]) * np.diff(at))]",
        "total = np.r_[0.0, np.cumsum(value[:-1] * np.diff(at))]",
    ),
    "frozen bath conducts as at its liquidus": (
        "case/building/thermal.py",
        "found, origins = [*found, _frozen(freezes)], [*origins, freezes.liquidus]",
        'found, origins = [*found, Constant(float(freezes.conductivity.at(freezes.liquidus)), "W/m/K")], [*origins, '
        "freezes.liquidus]",
    ),
    "wall behind the ledge with the conductivity of its centre": (
        "physics/ledge/heat.py",
        "linked[at] = area * q",
        "linked[at] = conductance[at] * (cells[:, 0] - cells[:, 1])",
    ),
    "resistivity not weighted with k": (
        "physics/charge/resistivity.py",
        "+ (k_high - k_low) * (high - low) / 12.0, 0.5 * (k_low + k_high)",
        ", 0.5 * (k_low + k_high)",
    ),
    "resistivity of a half cell at its centre": (
        "physics/charge/resistivity.py",
        "mean_resistivity(m, T[row[n, side]], at_face, tables)",
        "mean_resistivity(m, T[row[n, side]], T[row[n, side]], tables)",
    ),
    # What is imposed at terminals, and alerts.
    "resistance ahead of a terminal that of the model": (
        "physics/charge/electric.py",
        "1.0 / (self.mesh.multiplicity * terminal",
        "1.0 / (terminal",
    ),
    "potential imposed at the node": (
        "physics/charge/electric.py",
        "0.0 if terminal.potential is None or terminal.external_resistance == 0.0",
        "0.0 if True",
    ),
    "node's current from inside": (
        "physics/charge/electric.py",
        "self.behind[i] * (terminal.given_potential - phi[self.cells.size + i])",
        "self.behind[i] * (phi[self.cells.size + i] - terminal.given_potential)",
    ),
    "limit of use with the wrong sign": (
        "material.py",
        '"freezing": -1, "softening": 1',
        '"freezing": 1, "softening": 1',
    ),
    "solidus as a lower limit": ("material.py", '"solidus": 1, "melting": 1', '"solidus": -1, "melting": 1'),
    "share beyond a limit from the other end": (
        "report/limits_of_use.py",
        "np.maximum(inside, outside) / np.where",
        "-np.minimum(inside, outside) / np.where",
    ),
    "cell divided among all its faces alike": (
        "report/limits_of_use.py",
        'part = pyramid * np.einsum("fi,fij,fj->f", normal, spread[row], normal)',
        "part = pyramid",
    ),
    "volume beyond a limit of the model": ("report/limits_of_use.py", "multiplicity(record) * beyond", "beyond"),
    "hottest cell for the hottest surface": (
        "report/limits_of_use.py",
        "better.at(extreme, region[at], values[at])",
        "better.at(extreme, region[at], np.minimum(values[at], T[cell[at]]))",
    ),
    "superheat of any pool": ("report/productivity.py", "lump_temperature(record, case.process.electrolyte)", "None"),
    "limiting current over the whole face": (
        "report/alerts.py",
        'record["electric"]["current"][faces["index"]] / faces["area"]',
        'record["electric"]["current"][faces["index"]]',
    ),
} | FAULTS_IN_TIME
