"""`python -m training`: trains the reader, and writes its files, its card and its checksums."""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import torch

from services.nlp.data_files import DATA
from services.nlp.encoder import FOLDER
from services.nlp.encoder_files import ModelError
from training.base import BaseModelError
from training.bert import build
from training.card import card
from training.data import DataError
from training.model import Reader, fingerprint
from training.prepare import Material, files, material
from training.publish import ExportError, publish, seal
from training.train import Recipe, train
from training.trust import write

_HERE = Path(__file__).parent


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    add = parser.add_argument
    add("--sentences", type=Path, help="more labelled sentences, JSON Lines in the format of training/data")
    add(
        "--base", choices=("e5", "minilm"), default="e5", help="e5 reads eight languages, minilm English only"
    )
    add("--epochs", type=int, default=Recipe().epochs)
    add("--minutes", type=float, help="train no longer than this; such a run cannot be repeated exactly")
    add("--seed", type=int, default=0)
    add("--threads", type=int, default=os.cpu_count() or 1)
    add("--work", type=Path, default=_HERE / "work", help="where wheels and checkpoints are kept")
    add("--out", type=Path, default=FOLDER, help="the folder of the model")
    add("--docs", type=Path, default=_HERE.parent / "docs", help="where the curve is written")
    add("--trust", type=Path, default=DATA / "trust.yaml", help="where rules and reader are weighed")
    add(
        "--checkpoint", type=Path, help="do not train; publish this checkpoint of the same base and sentences"
    )
    return parser.parse_args(arguments)


def _reader(options: argparse.Namespace, given: Material, recipe: Recipe) -> Reader:
    bert = build(given.base.weights, tuple(range(given.base.layers)), recipe.dropout)
    if options.checkpoint:
        model = Reader(bert, recipe.dropout)
        model.load_state_dict(torch.load(options.checkpoint, weights_only=True))
        return model.eval()
    return train(bert, given.pieces, given.train, recipe, options.work / "checkpoint.pt")


def _say(text: str) -> None:
    sys.stdout.write(f"train: {text}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Do everything; 0 where it worked."""
    options = _options(arguments)
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    try:
        if not options.sentences:
            _say("no SENTENCES given: training on the project's own sentences alone (expect weaker figures)")
        _say("fetching the base and fitting its vocabulary to eight languages")
        given = material(options.base, options.sentences, options.work / "wheels")
        _say(f"{len(given.train)} sentences, {sum(map(len, given.dev.values()))} kept apart to measure on")
        recipe = Recipe(epochs=options.epochs, seed=options.seed, minutes=options.minutes)
        model = _reader(options, given, recipe)
        _say("exporting, comparing, quantising, calibrating, measuring")
        version = f"{options.base}-{datetime.now(UTC):%Y%m%d}-{fingerprint(model)}"
        measured = publish(model, given, version, options.out, options.docs, options.work)
        (options.out / "CARD.md").write_text(card(measured, recipe), encoding="utf-8")
        seal(options.out)
        _say("weighing rules and reader")
        write(files(options.sentences), options.out, options.trust)
    except (DataError, BaseModelError, ExportError, ModelError) as error:
        sys.stderr.write(f"train: error: {error}\n")
        return 1
    for name, figures in measured.sheet.int8.items():
        _say(f"{name}: kinds {figures.kinds_micro:.3f}, live {figures.live:.3f}, spans {figures.spans:.3f}")
    _say(f"done: {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
