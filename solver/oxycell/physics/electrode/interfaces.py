"""What a case says about faces between two regions: an interface with laws in series."""

from typing import Literal

from oxycell.mesh.where import Where
from oxycell.options import Name, Options, option, union_of
from oxycell.physics.electrode.laws import LAWS

Law = union_of(LAWS)
"""Any of the laws; the registry is read here, once, when this module is first imported."""


class Interface(Options):
    """All faces between two sets of regions, or those of named surfaces inside a mesh file, with laws in series."""

    name: Name = option("name of the interface")
    between: tuple[str, str] = option('first and second region, as names or patterns such as "anode_*.plate"')
    on: tuple[str, ...] | None = option(
        "internal surfaces of a mesh file to which it is limited; both sides may be one region", None, min_length=1
    )
    where: Where | None = option(
        "limits it to faces in an extent, or facing in a direction, out of the first region", None
    )
    laws: tuple[Law, ...] = option("laws in series between the two surfaces")
    optional: bool = option(
        "True allows that no face matches, for patterns of parts that only some variants have", False
    )
    temperature_side: Literal["first", "second"] = option(
        "side whose temperature the electrode laws use; laws of [process] use that of the electrolyte lump", "second"
    )
