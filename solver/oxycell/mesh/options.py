"""The geometry a user can state: named boxes or a mesh file, symmetry planes, named surfaces, and how fine the mesh
is."""

from pathlib import Path
from typing import Literal

from pydantic import PositiveInt, ValidationInfo, field_validator, model_validator

from oxycell.mesh.where import Facing, Span
from oxycell.options import Name, Options, Quantity, non_negative, option, positive

Side = Literal["x-", "x+", "y-", "y+", "z-", "z+"]


class Box(Options):
    """An axis-aligned box of one material; where boxes overlap, the later one counts."""

    name: Name = option("name of the region; several boxes may share it")
    material: str = option('name of a material, or "void" for empty space')
    x: Span = option("extent along x")
    y: Span = option("extent along y")
    z: Span = option("extent along z")
    electric: bool = option("False keeps the region out of the electric domain even if its material conducts", True)
    floating: bool = option(
        "True allows a conductor that is connected to no known potential: its own is free, its net current zero", False
    )
    part: Name | None = option("voltage part its ohmic drop is reported under (default: the region's name)", None)
    anode: Name | None = option("name of the anode the region belongs to, for the report's table of anodes", None)

    @model_validator(mode="after")
    def _ordered(self):
        for axis in "xyz":
            low, high = getattr(self, axis)
            if not low < high:
                raise ValueError(f"{axis} = [{low!r} m, {high!r} m] of box {self.name!r} has no positive thickness")
        return self


class Region(Options):
    """A named volume of a mesh file."""

    name: Name = option("name of the volume in the file")
    material: str = option("name of a material")
    electric: bool = option("False keeps the region out of the electric domain even if its material conducts", True)
    floating: bool = option(
        "True allows a conductor that is connected to no known potential: its own is free, its net current zero", False
    )
    part: Name | None = option("voltage part its ohmic drop is reported under (default: the region's name)", None)
    anode: Name | None = option("name of the anode the region belongs to, for the report's table of anodes", None)


class Surface(Options):
    """The faces of some regions that look at empty space or the outside, on some sides."""

    name: Name = option("name of the surface")
    of: str = option('region it belongs to, as a name or a pattern such as "shell.*"')
    sides: tuple[Side, ...] = option(
        "directions its faces may face", ("x-", "x+", "y-", "y+", "z-", "z+"), min_length=1
    )
    facing: Facing = option("only faces within 60 degrees of a direction: up, down, side, any, or a vector", "any")
    x: Span | None = option("only faces whose centre lies in this extent along x", None)
    y: Span | None = option("only faces whose centre lies in this extent along y", None)
    z: Span | None = option("only faces whose centre lies in this extent along z", None)


class Refinement(Options):
    """A minimum number of cells across an extent of one axis."""

    axis: Literal["x", "y", "z"] = option("the axis")
    extent: Span = option("the extent; its ends become mesh planes")
    cells: int = option("minimum number of equal cells across it", ge=1)


class Width(Options):
    """The width of the cells next to a plane across one axis, from where they grow."""

    axis: Literal["x", "y", "z"] = option("the axis")
    at: Quantity["m"] = option("position of the plane; the nearest mesh plane is used")
    width: Quantity["m"] = positive("largest width of the cells next to it")
    growth: float = option("largest ratio of the width of a cell to that of the one before", 2.7, gt=1.0)


class MeshOptions(Options):
    """How the boxes are cut into cells, or the file the mesh is read from."""

    file: Name | None = option(
        "mesh file (Gmsh 2.2 or 4.1, VTU), next to the case file or one of meshes/, instead of boxes; "
        "cells may be skew: a deferred correction keeps linear fields exact (decision 0010)",
        None,
    )
    scale: float = option("length of one unit of the file in metres", 1.0, gt=0.0)
    size: Quantity["m"] = positive("largest width of a cell", 0.1)
    size_x: Quantity["m"] | None = option("largest width along x, where it differs", None, gt=0.0)
    size_y: Quantity["m"] | None = option("largest width along y, where it differs", None, gt=0.0)
    size_z: Quantity["m"] | None = option("largest width along z, where it differs", None, gt=0.0)
    growth: float = option("largest ratio of the widths of neighbouring cells that grading aims at", 2.0, gt=1.0)
    merge_distance: Quantity["m"] = non_negative(
        "mesh planes closer than this are merged; at most 1 mm",
        1e-3,
    )
    subdivisions: int = option("every cell is divided into this many along each axis, for mesh studies", 1, ge=1, le=16)
    planes_x: tuple[Quantity["m"], ...] = option("further mesh planes across x", ())
    planes_y: tuple[Quantity["m"], ...] = option("further mesh planes across y", ())
    planes_z: tuple[Quantity["m"], ...] = option("further mesh planes across z", ())
    refinements: tuple[Refinement, ...] = option("extents with a minimum number of cells", ())
    widths: tuple[Width, ...] = option(
        "planes at which cells are narrow, and how fast their width grows from there", ()
    )
    cells_x: tuple[PositiveInt, ...] = option(
        "cells in each interval between mesh planes along x, instead of the numbers from size and growth: "
        "keeps a mesh from changing with its dimensions; `oxycell mesh` lists them",
        (),
    )
    cells_y: tuple[PositiveInt, ...] = option("the same along y", ())
    cells_z: tuple[PositiveInt, ...] = option("the same along z", ())
    symmetry: tuple[Literal["x", "y"], ...] = option(
        "planes x = 0 or y = 0 of symmetry of the model; totals are for the whole", ()
    )

    @field_validator("file")
    @classmethod
    def _beside_the_case(cls, value, info: ValidationInfo):
        """A file next to the case file is found from any working folder."""
        folder = (info.context or {}).get("folder")
        if value and folder and not Path(value).is_absolute() and (Path(folder) / value).is_file():
            return str((Path(folder) / value).resolve())
        return value

    @model_validator(mode="after")
    def _file_or_boxes(self):
        if self.file is None and self.scale != 1.0:
            raise ValueError("scale is of a mesh file; allowed: with file")
        if self.file is not None:
            for name, found in type(self).model_fields.items():
                if name not in ("file", "scale", "symmetry") and getattr(self, name) != found.default:
                    raise ValueError(f"{name} says how boxes are divided; allowed with file: scale, symmetry")
        return self

    @model_validator(mode="after")
    def _bounded(self):
        if self.merge_distance > 1e-3:
            raise ValueError("merge_distance must be at most 1 mm")
        return self
