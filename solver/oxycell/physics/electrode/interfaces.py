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
        "surfaces inside a mesh file it is limited to; both sides may be one region", None, min_length=1
    )
    where: Where | None = option(
        "limits it to faces in a place, or that look a given way out of the first region", None
    )
    laws: tuple[Law, ...] = option("what stands in series between the two surfaces")
    optional: bool = option(
        "True allows that no face fits, as where its patterns are of parts that only some variants have", False
    )
    temperature_side: Literal["first", "second"] = option(
        "side whose temperature the electrode laws take; laws of [process] take that of the electrolyte lump", "second"
    )
