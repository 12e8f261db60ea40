#!/bin/sh
# Trains the two committed demo models anew, with the product's own commands, from nothing but this repository.
# The figures that come out are on the models' cards.
set -eu
cd "$(dirname "$0")/.."
WILDCAM_HOME=$(mktemp -d)
WILDCAM_MODELS=$PWD/models  # the models that come with WildCam: only this script writes there
export WILDCAM_HOME WILDCAM_MODELS
wildcam() { .venv/bin/python -m wildcam "$@"; }

wildcam demo
wildcam train --name demo-empty --dataset demo --preset empty_cnn --batch-size 32 --early-stopping-patience 8 --monitor val_loss
wildcam models promote demo-empty --name demo_empty --replace
wildcam train --name demo-species --dataset demo --preset efficientnet_b0 --weights random \
    --image-size 112 --batch-size 16 --epochs 25 --lr-patience 3 --early-stopping-patience 8 --monitor val_loss
wildcam models promote demo-species --name demo_species --replace
rm -r "$WILDCAM_HOME"
