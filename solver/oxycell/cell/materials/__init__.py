"""The material library: MATERIALS, name → Material. The bath is not here, it depends on its composition (bath.py)."""

from oxycell.cell.materials.carbons import CARBONS
from oxycell.cell.materials.inert_electrodes import INERT_ELECTRODES
from oxycell.cell.materials.metals import METALS
from oxycell.cell.materials.refractories import REFRACTORIES

MATERIALS = {
    material.name: material for group in (METALS, CARBONS, INERT_ELECTRODES, REFRACTORIES) for material in group
}
