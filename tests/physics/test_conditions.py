"""Conditions: the laws of every balance come from its registry, and each balance takes its own."""

from typing import Literal

import pytest
from pydantic import TypeAdapter, ValidationError

from oxycell.options import Options, Quantity, option, tag_of, union_of
from oxycell.physics.boundary_laws import BOUNDARY_LAWS
from oxycell.physics.charge.boundary_currents import CHARGE_LAWS
from oxycell.physics.conditions import BoundaryLaw, Condition
from oxycell.physics.heat.boundaries import HEAT_LAWS


class Concentration(Options):
    """A third balance's Dirichlet condition."""

    kind: Literal["fixed_concentration"] = "fixed_concentration"
    concentration: Quantity["mol/m3"] = option("concentration at the surface")


class SpeciesFlux(Options):
    """A third balance's Neumann condition."""

    kind: Literal["species_flux"] = "species_flux"
    value: Quantity["mol/m2/s"] = option("flux, > 0 enters the body")


TRACER_LAWS = {"fixed_concentration": Concentration, "species_flux": SpeciesFlux}


def test_every_registered_law_is_read():
    """Each by its kind, with its own options: a law without any is refused for what it lacks, not for its kind."""
    union = TypeAdapter(BoundaryLaw)
    for registry in BOUNDARY_LAWS.values():
        for kind, law in registry.items():
            assert tag_of(law) == ("kind", kind)
            with pytest.raises(ValidationError) as error:
                union.validate_python({"kind": kind})
            assert {fault["type"] for fault in error.value.errors()} == {"missing"}
            assert all(fault["loc"][0] == kind for fault in error.value.errors())


def test_unknown_kind_is_refused():
    with pytest.raises(ValidationError, match="union_tag_invalid"):
        TypeAdapter(BoundaryLaw).validate_python({"kind": "fixed_concentration", "concentration": "1 mol/m3"})


def test_third_balance_brings_its_laws():
    union = TypeAdapter(union_of(HEAT_LAWS, CHARGE_LAWS, TRACER_LAWS))
    assert union.validate_python({"kind": "species_flux", "value": "2 mmol/m2/s"}) == SpeciesFlux(value="2 mmol/m2/s")
    assert type(union.validate_python({"kind": "fixed_temperature", "temperature": "300 K"})) is not Concentration


def test_union_of_one_law_is_that_law():
    assert union_of({"species_flux": SpeciesFlux}) is SpeciesFlux


def test_mistaken_registries_are_refused():
    with pytest.raises(TypeError, match='registered as "flux"; allowed: its own kind, "species_flux"$'):
        union_of({"flux": SpeciesFlux})
    with pytest.raises(TypeError, match="^Condition has no kind of its own; allowed: kind: Literal"):
        union_of({"condition": Condition})
    with pytest.raises(TypeError, match='two laws are of the kind "fixed_concentration"'):
        union_of(TRACER_LAWS, TRACER_LAWS)
    with pytest.raises(TypeError, match="no model"):
        union_of({})


def test_each_balance_takes_its_own():
    both = Condition(
        on=["s"], laws=[{"kind": "heat_flux", "value": "1 W/m2"}, {"kind": "current_density", "value": "1 A/m2"}]
    )
    heat, current = both.laws
    assert both.laws_of(HEAT_LAWS) == (heat,) and both.laws_of(CHARGE_LAWS) == (current,)
    assert both.laws_of(TRACER_LAWS) == () and not both.concerns(TRACER_LAWS)
    assert both.concerns(HEAT_LAWS) and both.concerns(CHARGE_LAWS)
    alone = Condition(on=["s"], laws=[current])
    assert alone.concerns(CHARGE_LAWS) and not alone.concerns(HEAT_LAWS)


def test_no_law_says_that_nothing_passes():
    nothing = Condition(on=["s"], laws=[])
    assert nothing.concerns(HEAT_LAWS) and nothing.laws_of(HEAT_LAWS) == ()
