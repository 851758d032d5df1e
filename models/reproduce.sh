#!/usr/bin/env bash
# Called by ./reproduce, which says what it does: models/reproduce.sh image|speech|translation DATA [resume|quick]
# Every step goes on from what an earlier call left with `resume`; without it everything is made anew in out/NAME, and models/ is replaced only when all of it is done (never by `quick`).
set -euo pipefail
cd "$(dirname "$0")/.."
what=$1 data=$2 mode=${3:-} out=out/$1 resume=()
case "$mode" in
    "" | quick) ;;
    resume) resume=(--resume) ;;
    *)
        echo "usage: ./reproduce $what [resume|quick]" >&2
        exit 2
        ;;
esac
[ "$mode" != quick ] || out=out/$1-quick

dotnet build -c Release src/Percheron.Training
train() { src/Percheron.Training/bin/Release/net10.0/percheron-train "$@"; }
# Arguments of a run: steps, and the step at which its rate begins to fall; quick: four steps. `seed` is that of its data order, 1 unless set.
run() {
    local steps=$1 fall=$2
    shift 2
    local length=(--steps "$steps" --fall-start "$fall")
    [ "$mode" != quick ] || length=(--steps 4)
    train "$@" --out "$out" --seed "${seed:-1}" "${length[@]}" "${resume[@]}"
}
# A number of things, few of them when quick.
few() { if [ "$mode" = quick ]; then echo "$2"; else echo "$1"; fi; }
# Gives a file its name among the embedded models, in its card too.
call() {
    cp "$out/$1.gguf" "$out/$2.gguf"
    if [ -f "$out/$1.card.json" ]; then sed "s/$1\\.gguf/$2.gguf/g" "$out/$1.card.json" > "$out/$2.card.json"; fi
}
keep() {
    [ "$mode" != quick ] || return 0
    local file
    for file in "$@"; do cp "$out/$file.gguf" "$out/$file.card.json" models/; done
}

case "$what" in
    image)
        run 6779 3052 picture-codec --name percheron-scenes-codec --threads 1
        train pictures --out "$out/corpus" --codec "$out/percheron-scenes-codec.gguf" --train "$(few 60000 200)" --held-out "$(few 2000 100)"
        train pictures --data scenes:80 --seed 2 --out "$out/pairs" --vocabulary-of "$out/corpus" --codec "$out/percheron-scenes-codec.gguf" --train "$(few 150000 200)" --held-out "$(few 3000 100)" --guidance 2
        # Four stages: rows that begin anywhere, then rows that begin with their caption at two falling rates, then larger batches of more pairs.
        run 810 365 model --packed --corpus "$out/corpus" --name percheron-scenes-1 --layers 8 --width 256 --inner 768 --context 512
        seed=2 run 2456 1106 model --corpus "$out/corpus" --name percheron-scenes-2 --from "$out/percheron-scenes-1-q8_0.gguf" --guidance 2 --row 288 --rates 0.35
        seed=3 run 2938 1323 model --corpus "$out/corpus" --name percheron-scenes-3 --from "$out/percheron-scenes-2-q8_0.gguf" --guidance 2 --row 288 --rates 0.3
        seed=4 run 1800 250 model --corpus "$out/pairs" --name percheron-scenes --from "$out/percheron-scenes-3-q8_0.gguf" --guidance 2 --row 288 --rows 64 --rates 0.5
        run 1200 540 model --corpus "$out/pairs" --name percheron-scenes-draft --teacher "$out/percheron-scenes-q8_0.gguf" --guidance 2 --row 288 --layers 1 --width 256 --inner 256 --context 512
        run 1600 720 picture-features
        run 1600 720 picture-text
        call picture-features percheron-scenes-features
        call picture-text percheron-scenes-picture-text
        keep percheron-scenes-codec percheron-scenes-q8_0 percheron-scenes-draft-q8_0 percheron-scenes-features percheron-scenes-picture-text
        ;;
    speech)
        train speech-codec --data "$data" --out "$out" --seed 1 --strings "$(few 2000 60)" --rounds "$(few 20 2)" "${resume[@]}"
        train speech-data --data "$data" --codec "$out/percheron-speech-codec.gguf" --corpus "$out/corpus" --train "$(few 20000 60)" --held-out "$(few 1000 20)"
        train speech-data --data "$data" --codec "$out/percheron-speech-codec.gguf" --corpus "$out/strings" --train "$(few 60000 60)" --held-out "$(few 1000 20)"
        run 702 317 model --packed --corpus "$out/corpus" --name percheron-digits-1 --layers 6 --width 256 --inner 768 --context 1024 --rows 8
        seed=2 run 3115 1403 model --packed --corpus "$out/corpus" --name percheron-digits-2 --from "$out/percheron-digits-1-q8_0.gguf" --guidance 2 --rows 4 --rates 0.35
        seed=3 run 3459 1557 model --corpus "$out/corpus" --name percheron-digits-3 --from "$out/percheron-digits-2-q8_0.gguf" --guidance 2 --rows 4 --rates 0.3
        seed=4 run 460 60 model --corpus "$out/strings" --name percheron-digits --from "$out/percheron-digits-3-q8_0.gguf" --guidance 2 --rows 16 --rates 0.4
        run 900 405 model --corpus "$out/strings" --name percheron-digits-draft --teacher "$out/percheron-digits-q8_0.gguf" --guidance 2 --layers 1 --width 256 --inner 256 --context 1024 --rows 4
        run 1142 516 recogniser --data "$data" --codec "$out/percheron-speech-codec.gguf" --name percheron-dictation-1
        seed=2 run 1285 579 recogniser --data "$data" --codec "$out/percheron-speech-codec.gguf" --name percheron-dictation --from "$out/percheron-dictation-1-q8_0.gguf" --rows 32 --rates 0.5
        run 600 270 recogniser --data "$data" --codec "$out/percheron-speech-codec.gguf" --name percheron-dictation-draft --assistant "$out/percheron-dictation-q8_0.gguf"
        call percheron-speech-codec percheron-digits-codec
        call percheron-speakers percheron-digits-speakers
        [ "$mode" = quick ] || cp "$out/percheron-digits-speakers.gguf" models/
        keep percheron-digits-codec percheron-digits-q8_0 percheron-digits-draft-q8_0 percheron-dictation-q8_0 percheron-dictation-draft-q8_0
        ;;
    translation)
        train translation-data --out "$out/corpus" --train "$(few 300000 2000)"
        run 1047 472 model --corpus "$out/corpus" --name percheron-translation --layers 6 --width 256 --inner 768 --context 512 --rows 8
        run 521 235 model --corpus "$out/corpus" --name percheron-translation-draft --teacher "$out/percheron-translation-q8_0.gguf" --layers 1 --width 256 --inner 256 --context 512 --rows 8
        keep percheron-translation-q8_0 percheron-translation-draft-q8_0
        ;;
esac
