"""The whole way from sentences to files, on a tiny encoder, where torch is installed (`make train` installs it)."""

import logging
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed here; it comes with `make train`")

from tokenizers import Tokenizer  # noqa: E402
from tokenizers.models import WordPiece  # noqa: E402
from tokenizers.pre_tokenizers import Whitespace  # noqa: E402

from services.nlp.encoder import Encoder  # noqa: E402
from services.nlp.pieces import Pieces, Special  # noqa: E402
from training.base import HIDDEN, Base, Rows, unpacked  # noqa: E402
from training.bert import Bert, build  # noqa: E402
from training.data import Labelled, read  # noqa: E402
from training.examples import IGNORED, collate, example, joined  # noqa: E402
from training.labels import FIRST, FURTHER, SPANS  # noqa: E402
from training.prepare import LIMITS, OWN, Material  # noqa: E402
from training.publish import publish, seal  # noqa: E402
from training.train import Recipe, train  # noqa: E402


@pytest.fixture(scope="module")
def sentences() -> list[Labelled]:
    return [s for s in read(OWN / "own_more.jsonl") if s.language == "en"][:48]


@pytest.fixture(scope="module")
def material(sentences: list[Labelled]) -> Material:
    """A base of two layers with random weights, and a vocabulary of letters."""
    letters = sorted({c for s in sentences for c in s.text})
    vocabulary = ["[cls]", "[sep]", "[pad]", "[unk]", *letters, *(f"##{c}" for c in letters)]
    tokenizer = Tokenizer(WordPiece({p: i for i, p in enumerate(vocabulary)}, unk_token="[unk]"))
    tokenizer.pre_tokenizer = Whitespace()
    random = np.random.default_rng(0)
    packed = random.integers(0, 256, (len(vocabulary), HIDDEN // 32, 16)).astype(np.uint8)
    rows = Rows(packed, np.full((len(vocabulary), HIDDEN // 32), 0.02, np.float16))
    torch.manual_seed(0)
    weights = Bert(len(vocabulary), 512, 2, 0.0).state_dict()
    weights["words.weight"] = torch.from_numpy(unpacked(rows).reshape(len(vocabulary), HIDDEN))
    base = Base("e5", weights, tokenizer.to_str(), Special(0, 1, 2), 2, rows)
    return Material(base, Pieces(tokenizer, base.special, LIMITS), sentences, {"own": sentences[:16]})


def test_labels_stand_on_the_pieces_of_their_words(material: Material, sentences: list[Labelled]) -> None:
    made = example(sentences[0], material.pieces)
    event, target = sentences[0].events[0], made.targets[0]
    start, end = event.spans["claimant"][0]
    tags = target.tags[made.encoded.first :, SPANS.index("claimant")]
    inside = [i for i, (a, b) in enumerate(made.encoded.offsets) if start <= a and b <= end]
    assert tags[inside[0]] == FIRST
    assert set(tags[inside[1:]]) == {FURTHER}


def test_padding_and_context_are_not_learnt_from(material: Material, sentences: list[Labelled]) -> None:
    batch = collate([example(s, material.pieces) for s in sentences[:6]], material.base.special.pad)
    outside = batch.sentence[batch.row] == 0
    assert bool((batch.tags[outside] == IGNORED).all())
    assert bool((batch.trigger[outside] == 0).all())


def test_joined_sentences_keep_their_spans(sentences: list[Labelled]) -> None:
    both = joined(sentences[0], sentences[1])
    last, alone = both.events[-1], sentences[1].events[-1]
    assert last.trigger and alone.trigger
    assert both.text[slice(*last.trigger)] == sentences[1].text[slice(*alone.trigger)]
    assert {k: [both.text[slice(*r)] for r in v] for k, v in last.spans.items()} == {
        k: [sentences[1].text[slice(*r)] for r in v] for k, v in alone.spans.items()
    }


@pytest.mark.slow
def test_a_trained_reader_is_published_and_read(material: Material, tmp_path: Path) -> None:
    root = logging.getLogger().level
    recipe = Recipe(epochs=1, batch=16)
    bert = build(material.base.weights, (0, 1), recipe.dropout)
    model = train(bert, material.pieces, material.train, recipe, tmp_path / "state.pt")
    folder = tmp_path / "model"
    measured = publish(model, material, "tiny", folder, tmp_path / "docs", tmp_path)
    logging.getLogger().setLevel(root)
    seal(folder)
    assert measured.difference < 2e-3
    reading = Encoder.load(folder).read([(None, sentence.text) for sentence in material.train[:3]])
    assert len(reading) == 3
    assert (tmp_path / "docs" / "reader-curve.svg").read_text().startswith("<svg")


def test_the_same_seed_gives_the_same_reader(material: Material, tmp_path: Path) -> None:
    found = []
    for _ in range(2):
        bert = build(material.base.weights, (0,), 0.05)
        recipe = Recipe(epochs=1, seed=7)
        model = train(bert, material.pieces, material.train[:16], recipe, tmp_path / "state.pt")
        found.append(torch.cat([p.flatten() for p in model.parameters()]))
    assert torch.equal(*found)
