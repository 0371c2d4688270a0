"""Laws of outer surfaces in the heat balance: heat given to a fluid or to surroundings, a prescribed heat flux
(Neumann condition), a prescribed temperature (Dirichlet condition).

A law is one class and one line in HEAT_LAWS; `docs/adding-a-law.md` goes through an example.
"""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from oxycell.arrays import Floats, Ints
from oxycell.constants import STEFAN_BOLTZMANN
from oxycell.errors import CaseError
from oxycell.material import Tabulated
from oxycell.options import Options, Quantity, fraction, option, positive
from oxycell.physics.heat.forced_convection import REYNOLDS_RANGE, given_to_wind
from oxycell.physics.heat.natural_convection import air, given_to_air
from oxycell.physics.varying import ByPosition, Varying, value_and_slope

Temperature = Annotated[Quantity["K"], Field(gt=0.0)] | ByPosition


class Law(Options):
    """A law that gives the heat leaving a surface as a function of its temperature; laws on one surface add up.

    Wherever a case uses a law, its options are numbers, or arrays with one value for each face where they vary with
    position, or properties of temperature where the option allows that.
    """

    def check(self, what: str) -> None:
        """CaseError where options that are each allowed are inconsistent; `what` names it in messages."""

    def flux(self, T: Floats, orientation: Ints) -> tuple[Floats, Floats]:
        """Heat leaving and its slope.

        Parameters
        ----------
        T : (n,) [K], surface temperature
        orientation : (n,) int, 0 vertical, +1 facing up, −1 facing down

        Returns
        -------
        flux : (n,) [W/m²], > 0 leaves the body
        slope : (n,) [W/m²/K], ≥ 0
        """
        raise NotImplementedError


class Convection(Law):
    """Heat given to a fluid, q = h (T − T_fluid)."""

    kind: Literal["convection"] = "convection"
    coefficient: Annotated[Quantity["W/m2/K"], Field(gt=0.0)] | Varying = option(
        "heat transfer coefficient; table over the temperature of the surface, time, x, y, z, or a field"
    )
    fluid: Temperature = option("temperature of the fluid; table over time, x, y, z, or a field")

    def flux(self, T: Floats, orientation: Ints) -> tuple[Floats, Floats]:
        """Heat leaving [W/m²] and its slope [W/m²/K]; T and both results (n,)."""
        h, slope = value_and_slope(self.coefficient, T)
        return h * (T - self.fluid), np.broadcast_to(h + slope * (T - self.fluid), np.shape(T))

    def check(self, what: str) -> None:
        """CaseError where a coefficient falls so fast with temperature that the heat would fall with it."""
        if not isinstance(self.coefficient, Tabulated):
            return
        points, values = np.asarray(self.coefficient.temperatures), np.asarray(self.coefficient.values)
        steps = np.diff(values) / np.diff(points)
        for fluid in (np.min(self.fluid), np.max(self.fluid)):
            slope = np.minimum(values[:-1] + steps * (points[:-1] - fluid), values[1:] + steps * (points[1:] - fluid))
            if slope.min() <= 0.0:
                raise CaseError(
                    f"{what}.coefficient: decreases so fast above {points[np.argmin(slope)]:.6g} K that less heat "
                    "leaves a hotter surface; allowed: heat that increases with temperature"
                )


class Radiation(Law):
    """Heat radiated to grey surroundings, q = F ε σ (T⁴ − T_surroundings⁴).

    Below 0 K, which an iterate may visit, T⁴ is continued as T |T|³: the law is monotone everywhere.
    """

    kind: Literal["radiation"] = "radiation"
    emissivity: float = fraction("emissivity of the surface")
    surroundings: Temperature = option("temperature of the surroundings; table over time, x, y, z, or a field")
    view_factor: float = fraction("view factor: fraction of the hemisphere filled by the surroundings", 1.0)

    def flux(self, T: Floats, orientation: Ints) -> tuple[Floats, Floats]:
        """Heat leaving [W/m²] and its slope [W/m²/K]; T and both results (n,)."""
        factor = self.view_factor * self.emissivity * STEFAN_BOLTZMANN
        cube = np.abs(T) ** 3
        return factor * (T * cube - self.surroundings**4), 4.0 * factor * cube


class NaturalConvection(Law):
    """Heat given to still air, by the orientation of the face.

    Vertical: Churchill & Chu, Int. J. Heat Mass Transfer 18 (1975) 1323. Horizontal (Incropera & DeWitt, ch. 9): a hot
    face up 0.54 Ra^(1/4) and 0.15 Ra^(1/3), a hot face down 0.27 Ra^(1/4); a cold face up behaves as a hot face down
    and the reverse. The two branches of the hot face up and conduction (Nu = 1, which keeps the slope positive where
    the face is as warm as the air) are joined as (Σ Nu²⁰)^(1/20) instead of switched at Ra = 1e7: C¹, at most 3.5 %
    above the larger branch (at Ra = 4.7e6).
    """

    kind: Literal["natural_convection"] = "natural_convection"
    fluid: Temperature = option("temperature of the air; table over time, x, y, z, or a field")
    length: Quantity["m"] = positive("height of a vertical face, area over perimeter of a horizontal one")

    def flux(self, T: Floats, orientation: Ints) -> tuple[Floats, Floats]:
        """Heat leaving [W/m²] and its slope [W/m²/K]; T, orientation and both results (n,)."""
        T = np.asarray(T, dtype=float)
        flux, slope = np.empty(T.shape), np.empty(T.shape)
        given_to_air(
            T,
            np.broadcast_to(self.fluid, T.shape),
            np.broadcast_to(self.length, T.shape),
            np.broadcast_to(orientation, T.shape),
            flux,
            slope,
        )
        return flux, slope


class Wind(Law):
    """Heat given to air that blows along the surface: forced convection of a plane wall.

    Nu = (Nu_lam² + Nu_turb²)^(1/2) after Gnielinski (`nusselt_along`), for Reynolds numbers from 10 to 1e7. In place of
    natural convection, where the wind is strong relative to buoyancy (Gr < 0.1 Re², Incropera & DeWitt, ch. 9), not
    in addition to it.
    """

    kind: Literal["wind"] = "wind"
    speed: Annotated[Quantity["m/s"], Field(gt=0.0)] | ByPosition = option(
        "speed of the air along the surface; table over time, x, y, z, or a field"
    )
    fluid: Temperature = option("temperature of the air; table over time, x, y, z, or a field")
    length: Quantity["m"] = positive("length of the surface along the wind")

    def check(self, what: str) -> None:
        """CaseError for a Reynolds number, with air at its own temperature, out of the range of the correlation."""
        reynolds = np.atleast_1d(self.speed * self.length / air(np.asarray(self.fluid, dtype=float))[0])
        low, high = REYNOLDS_RANGE
        for value in (reynolds.min(initial=high), reynolds.max(initial=low)):
            if not low <= value <= high:
                raise CaseError(
                    f"{what}: Reynolds number {value:.3g} is out of range; allowed: {low:g} to {high:g}, by speed and "
                    "length"
                )

    def flux(self, T: Floats, orientation: Ints) -> tuple[Floats, Floats]:
        """Heat leaving [W/m²] and its slope [W/m²/K]; T and both results (n,)."""
        T = np.asarray(T, dtype=float)
        flux, slope = np.empty(T.shape), np.empty(T.shape)
        fluid, speed, length = (np.broadcast_to(value, T.shape) for value in (self.fluid, self.speed, self.length))
        given_to_wind(T, fluid, speed, length, flux, slope)
        return flux, slope


class HeatFlux(Law):
    """A prescribed heat flux into the body, whatever its temperature."""

    kind: Literal["heat_flux"] = "heat_flux"
    value: Quantity["W/m2"] | ByPosition = option(
        "heat flux, > 0 enters the body; table over time, x, y, z, or a field"
    )

    def flux(self, T: Floats, orientation: Ints) -> tuple[Floats, Floats]:
        """Heat leaving [W/m²], −value, and its slope, 0; T and both results (n,)."""
        return np.broadcast_to(-self.value, np.shape(T)), np.zeros(np.shape(T))


class FixedTemperature(Options):
    """A prescribed surface temperature; no flux law: the heat follows from the half cell behind the face."""

    kind: Literal["fixed_temperature"] = "fixed_temperature"
    temperature: Temperature = option("temperature of the surface; table over time, x, y, z, or a field")


HEAT_LAWS: dict[str, type[Options]] = {
    "convection": Convection,
    "radiation": Radiation,
    "natural_convection": NaturalConvection,
    "wind": Wind,
    "heat_flux": HeatFlux,
    "fixed_temperature": FixedTemperature,
}
"""Laws of outer surfaces in the heat balance: kind → class."""
