"""Several recipes from one."""

import pytest

from wildcam.errors import UsageError
from wildcam.training.recipe import Recipe
from wildcam.training.sweep import read_values, sweep, sweep_name

RECIPE = Recipe.of("demo", "empty_cnn")


def test_a_grid_has_every_combination_in_order() -> None:
    made = sweep(RECIPE, {"epochs": ["1", "2"], "dropout": read_values("0.1, 0.2,")})
    assert [(one.epochs, one.dropout) for one in made] == [(1, 0.1), (1, 0.2), (2, 0.1), (2, 0.2)]
    assert {one.batch_size for one in made} == {RECIPE.batch_size}


def test_a_sample_is_drawn_from_the_grid_and_a_seed_repeats_it() -> None:
    choices = {"seed": list(range(50))}
    drawn = [one.seed for one in sweep(RECIPE, choices, sample=5, seed=1)]
    assert len(set(drawn)) == 5
    assert drawn == sorted(drawn) == [one.seed for one in sweep(RECIPE, choices, sample=5, seed=1)]
    assert drawn != [one.seed for one in sweep(RECIPE, choices, sample=5, seed=2)]


def test_nothing_to_vary_is_the_recipe_itself() -> None:
    assert sweep(RECIPE, {}) == [RECIPE]


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({"epoch": ["1"]}, "Did you mean 'epochs'"),
        ({"epochs": ["many"]}, "epochs"),
        ({"seed": list(range(101))}, "101 runs"),
    ],
)
def test_what_cannot_be_is_one_sentence(choices, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        sweep(RECIPE, choices)


def test_runs_of_a_sweep_are_named_by_what_varies() -> None:
    made = sweep(RECIPE, {"learning_rate": ["4e-5", "0.001"], "dropout": ["0.2"]})
    names = [sweep_name(one, ["learning_rate", "dropout"]) for one in made]
    assert names == [
        "empty_cnn on demo: learning_rate 4e-05, dropout 0.2",
        "empty_cnn on demo: learning_rate 0.001, dropout 0.2",
    ]
    assert sweep_name(RECIPE, []) == "empty_cnn on demo"
