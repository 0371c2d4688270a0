"""Coupling of charge and heat: what currents make of heat, in cells and on faces, and what the cell reaction takes
up."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from oxycell.arrays import Floats, Ints
from oxycell.physics.balance import Quantity, RowTerm
from oxycell.physics.charge.currents import Currents, Drop
from oxycell.physics.charge.electric import Electric
from oxycell.physics.heat.thermal import Thermal


class CurrentHeat:
    """Joule heat, heat of electrode laws and contacts, reversible (Peltier) heat; feed and recombination of the cell
    reaction.

    Parameters
    ----------
    electric : Electric; thermal : Thermal
    electrolyte : int, lump that takes feed and recombination heat, −1 without
    """

    row_sources, face_sources = {"heat": "current_heat"}, {"heat": "current_heat_on_faces"}

    def __init__(self, electric: Electric, thermal: Thermal, electrolyte: int) -> None:
        self.electric, self.thermal, self.electrolyte = electric, thermal, electrolyte
        self.reaction = electric.reaction

    def quantities(self) -> dict[str, Quantity]:
        """`surface_heat` on both sides of faces with laws, and what of it enters rows and faces of the heat balance."""
        return {
            "surface_heat": Quantity(
                ("currents", "law_drops"), lambda currents, drops: tuple(currents.surface_heat(drops))
            ),
            "current_heat": Quantity(("currents", "law_drops", "surface_heat", "temperature"), self.in_rows),
            "current_heat_on_faces": Quantity(("surface_heat",), self.on_faces),
        }

    def in_rows(
        self,
        currents: Currents,
        drops: Sequence[Drop],
        surface_heat: Sequence[tuple[str, Ints, Floats]],
        temperature: Floats,
    ) -> tuple[RowTerm, ...]:
        """Tuple of RowTerm [W] in rows of the heat balance: of pools, Joule heat, the process, and of faces within one
        lump."""
        thermal = self.thermal
        found = [RowTerm(name, thermal.row[cells], made) for name, cells, made in currents.pool_heat(drops)]
        found.append(RowTerm("joule", thermal.row, currents.joule_heat()))
        found += self._of_process(currents, temperature)
        for name, faces, made in surface_heat:
            inside = self.places(faces) < 0
            if inside.any():
                cells = self.electric.mesh.owner[self.electric.face[faces[inside]]]
                found.append(RowTerm(f"{name} within lumps", thermal.row[cells], made[inside].sum(1)))
        return tuple(found)

    def on_faces(self, surface_heat: Sequence[tuple[str, Ints, Floats]]) -> tuple[tuple[str, Ints, Floats], ...]:
        """Heat on special faces of the heat balance: tuple of (name, their positions (k,) int, heat (k, 2) [W] on the
        owner's and the neighbour's side)."""
        found = []
        for name, faces, made in surface_heat:
            place = self.places(faces)
            outside = place >= 0
            found.append((name, place[outside], made[outside]))
        return tuple(found)

    def places(self, faces: Ints) -> Ints:
        """Positions of the faces (k,) int of the charge balance on which heat is generated among the special faces of
        the heat balance, −1 where both sides are of one lump."""
        return self._places[faces]

    @cached_property
    def _places(self) -> Ints:
        electric = self.electric
        hot = np.concatenate([electric.laws.face, *(at for at, _ in electric.resisted)])
        places = np.full(electric.face.size, -1, np.int32)
        places[hot] = self.thermal.places(electric.face[hot])
        return places

    def _of_process(self, currents: Currents, temperature: Floats) -> list[RowTerm]:
        """Heat that alumina and carbon take up, in the electrolyte and in the anodes, and what recombination gives back
        in the former."""
        if self.reaction.process is None or self.electrolyte < 0:
            return []
        row = self.thermal.lump_row[self.electrolyte]
        current, bath = self.reaction.current(currents), temperature[row]
        rows, process = np.array([row]), self.reaction.process_at(currents)
        found = [
            RowTerm("feed", rows, np.array([-current * float(process.alumina_feed_voltage(bath)[0])])),
            RowTerm("recombination", rows, np.array([current * float(process.recombination_heat(bath)[0])])),
        ]
        carbon = float(process.carbon_feed_voltage(bath)[0])
        if carbon:
            face, sign = self.reaction.faces
            anode = np.where(sign > 0, *self.electric.sides(face))
            found.append(RowTerm("carbon_feed", self.thermal.row[anode], -carbon * sign * currents.current[face]))
        return found
