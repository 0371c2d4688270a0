"""Problems that depend on time: what is stated about them is found again in two ways."""

import pytest
from tests.verification import references_feed, references_time

from oxycell.verification.feeding import overfed

STATED = {
    references_time.lump: {
        "T 3600": 1122.5380667,
        "T 86400": 403.7926089,
        "SDIRK2": 665.80387979417,
        "TR-BDF2": 665.80387979417,
        "BE": 680.16972620612,
    },
    references_time.pools: {
        "T1 300": 1176.2434616,
        "T2 300": 1174.4115830,
        "T1 3600": 1169.1878877,
        "T2 3600": 1167.4587891,
        "T1 ∞": 1166.1048689,
        "T2 ∞": 1164.2322097,
    },
    references_time.half_space: {
        "step": 685.37000691,
        "film 1000": 671.95152546,
        "film 10": 197.70582938,
        "heat": 102064458.90,
    },
    references_time.plate: {
        "centre 60": 45.190817863,
        "skin 60": 443.22671566,
        "centre 600": 673.13310471,
        "skin 600": 793.96882810,
        "heat 600": 356892099.4,
    },
    references_time.nafems_t3: {"T 32": 36.603115959, "T 72": -26.493659569},
    references_time.daily_wave: {
        "ratio 0.065": 0.7698509398,
        "lag 0.065": 37.325693590,
        "ratio 0.13": 0.7522012886,
        "lag 0.13": 52.422699831,
    },
    references_time.stefan_neumann: {
        "λ": 0.5630462812873,
        "S 3600": 0.04256229819731,
        "heat": 82048887.86,
        "latent": 59757466.67,
        "sensible": 22291421.19,
    },
    references_time.latent_ledge: {
        "7680 3600": 0.018206129175,
        "7680 21600": 0.057905652750,
        "0 3600": 0.034665575554,
        "20000 3600": 0.068897771895,
        "gone": 16620.827655,
    },
    references_time.ledge_with_capacity: {
        "20000 3600": 0.06636408690,
        "3840 3600": 0.09466953529,
        "3840 21600": 0.11863751553,
        "3840 86400": 0.16800982794,
    },
    references_time.ledge_before_pool: {
        "S 3600": 0.08902707442,
        "T 3600": 902.707493410,
        "S 21600": 0.10475774778,
        "T 21600": 900.592739480,
        "S 86400": 0.09408631484,
        "T 86400": 904.999989632,
    },
    references_time.coupled: {
        "T_liq": 892.195977802,
        "S 0": 0.093397651914,
        "T 21600": 895.613917541,
        "S 21600": 0.10283653338,
        "AlF3 21600": 20.654587780,
        "T 86400": 902.448271125,
        "S 86400": 0.09647525673,
        "fixed T 21600": 902.491671396,
        "fixed S 21600": 0.10838348497,
    },
    references_time.varying_slab: {
        "centre 1800": 554.3846250,
        "centre 3600": 858.5619290,
        "stored 3600": 199957913.363,
    },
    references_time.nonlinear_lumps: {
        "radiating 600": 1005.194467274,
        "radiating 3600": 694.615982078,
        "varying 1800": 679.1142587585,
        "ΔH": -549963068.754,
    },
    references_time.contact: {"q": 30325.783190, "hot": 793.78337096, "cold": 763.45758777},
    references_time.plunge: {
        "S 600": 0.0282370398,
        "S max": 0.0594034349,
        "t max": 7703.04,
        "gone": 29156.749,
        "T gone": 892.147365,
    },
    references_time.ramp: {"T 600": 2.529433770, "T 3600": 72.344006216},
    references_feed.feed_cycle: {
        "undissolved": 4.546969429,
        "slow": 3.334437729,
        "t highest": 31.166955501,
        "highest": 0.573293399,
        "mean": 0.368342156,
    },
    references_feed.no_feed: {"t": 9097.753483},
    references_feed.overfeed: {"dissolved": 436.99202192, "stock": 15.99728919},
    references_feed.two_zones: {"Δw": 0.0972057270, "τ": 144.444444, "Δw 300": 0.0850243714},
    references_feed.film: {"limit": 28411.5276428, "6010": 3.1538645756, "20000": 1.1842415161},
    references_feed.reversible_shift: {"5": -5.5495, "3": 7.4187, "2": 18.7659, "1": 40.3669},
}
ONE_LAW = (references_feed.film, references_feed.reversible_shift)


def digits(value):
    """Half a unit of the last digit stated, of the shortest text that gives the number."""
    _, _, decimals = repr(value).partition(".")
    return 0.51 * 10.0 ** -len(decimals)


@pytest.mark.parametrize("problem", STATED, ids=lambda problem: problem.__name__)
def test_stated(problem):
    found = problem()
    for name, value in STATED[problem].items():
        assert found[name] == pytest.approx(value, rel=1e-11, abs=digits(value)), name


@pytest.mark.parametrize(
    "problem", [problem for problem in STATED if problem not in ONE_LAW], ids=lambda problem: problem.__name__
)
def test_found_twice(problem):
    """Both ways agree to 5e-9; the time of a highest value, found to the root of round-off, to 3e-8."""
    first = problem()
    second = globals()[problem.__module__.rpartition(".")[2]].__dict__[f"{problem.__name__}_second"]()
    assert set(second) <= set(first) and second
    for name, value in second.items():
        assert value == pytest.approx(first[name], rel=3e-8 if name.startswith("t") else 5e-9), name


def test_wrong_number_is_seen():
    """A last digit that is off by one is no agreement."""
    value = STATED[references_time.plate]["centre 60"]
    assert references_time.plate()["centre 60"] != pytest.approx(value + 1e-9, rel=1e-11, abs=digits(value))


def test_inversion_fails_on_another_transform():
    assert references_time.inverted(lambda s: 1.0 / (s + 0.5), 3.0) == pytest.approx(0.22313016014843, rel=1e-10)
    assert references_time.inverted(lambda s: 1.0 / (s + 0.5001), 3.0) != pytest.approx(0.22313016014843, rel=1e-6)


def test_overfeed_of_a_bath_that_stays_as_it_is():
    """What `oxycell verify` compares with, without what the bath gains and how its saturation follows."""
    stated = STATED[references_feed.overfeed]
    assert overfed(references_feed.SATURATION) == pytest.approx((stated["dissolved"], stated["stock"]), rel=1e-9)
