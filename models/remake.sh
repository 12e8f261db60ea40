#!/bin/sh
# Trains the committed models anew with the product's own commands: the demo pair from nothing but this repository, the
# field pair from the photos in $WILDCAM_PHOTOS (../shared/photos), or only those that are named: sh models/remake.sh field
# The figures that come out are on the models' cards.
set -eu
cd "$(dirname "$0")/.."
WILDCAM_HOME=$(mktemp -d)
WILDCAM_MODELS=$PWD/models  # the models that come with WildCam: only this script writes there
export WILDCAM_HOME WILDCAM_MODELS
PYTHON=${PYTHON:-.venv/bin/python}
wildcam() { "$PYTHON" -m wildcam "$@"; }

demo() {
    wildcam demo
    wildcam train --name demo-empty --dataset demo --preset empty_cnn --batch-size 32 --early-stopping-patience 8 \
        --monitor val_loss
    wildcam models promote demo-empty --name demo_empty --replace
    wildcam train --name demo-species --dataset demo --preset efficientnet_b0 --weights random \
        --image-size 112 --batch-size 16 --epochs 25 --lr-patience 3 --early-stopping-patience 8 --monitor val_loss
    wildcam models promote demo-species --name demo_species --replace
}

field() {
    photos=$(realpath "${WILDCAM_PHOTOS:-../shared/photos}")
    "$PYTHON" models/field_photos.py "$photos" "$WILDCAM_HOME/field.csv"
    wildcam data import "$WILDCAM_HOME/field.csv" --name field --images "$photos"
    wildcam data credits field models/field/sources.csv
    wildcam train --name field-empty --dataset field --preset probe --task empty --split given --folds 20 \
        --monitor val_loss --balance-locations
    wildcam models promote field-empty --name field_empty --replace
    wildcam train --name field-species --dataset field --preset probe --task species --split given --folds 20 \
        --monitor val_loss --balance-locations --min-class-size 5
    wildcam models promote field-species --name field_species --replace
}

for pair in ${*:-demo field}; do $pair; done
rm -r "$WILDCAM_HOME"
