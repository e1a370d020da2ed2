#!/usr/bin/env bash
# Races a scan of everything that a repository's history holds against the peers on the PATH: race.sh REPOSITORY [RUNS]
# Prints the median wall and CPU seconds of RUNS (3) turns after one to warm up. Nothing is verified over the network.
# The peers read `git log -p` or every object; each uses the rules it comes with.
set -euo pipefail
repository=${1:?usage: race.sh REPOSITORY [RUNS]} turns=${2:-3}
cd "$(dirname "$0")/../.."
scanall=${SCANALL:-target/release/scanall}
[ -x "$scanall" ] || cargo build --release
times=$(mktemp -d)
trap 'rm -rf "$times"' EXIT

# turn NAME COMMAND...: one line of wall and CPU seconds. Codes for findings are as good as 0; who fails does not race.
turn() {
  local name=$1 code=0 TIMEFORMAT='%R %U %S'
  shift
  command -v "$1" > /dev/null || return 0
  { time "$@" > "$times/out" 2>&1 || code=$?; } 2>> "$times/$name"
  case $code in
    0 | 1 | 200) ;;
    *) printf '%s ended with %s:\n' "$name" "$code" >&2 && tail -n 3 "$times/out" >&2 && exit 1 ;;
  esac
}

for _ in $(seq 0 "$turns"); do
  turn scanall "$scanall" scan "$repository" --only secrets --offline --no-cache --format json
  turn betterleaks betterleaks git "$repository" --no-banner -s -o "$times/report"
  turn gitleaks gitleaks git "$repository" --no-banner -f json -r "$times/report"
  turn kingfisher kingfisher scan "$repository" --no-validate --no-update-check --format json -o "$times/report"
  turn git-log-p git -C "$repository" log -p -U0 --full-history --all
done

median() { sort -n | awk '{ a[NR] = $1 } END { print (a[int((NR + 1) / 2)] + a[int(NR / 2) + 1]) / 2 }'; }
printf '%-12s %8s %8s %10s\n' '' 'wall s' 'CPU s' 'x scanall'
for name in scanall betterleaks gitleaks kingfisher git-log-p; do
  [ -s "$times/$name" ] || continue
  wall=$(tail -n +2 "$times/$name" | cut -d' ' -f1 | median)
  cpu=$(tail -n +2 "$times/$name" | awk '{ print $2 + $3 }' | median)
  base=${base:-$wall}
  awk -v n="$name" -v w="$wall" -v c="$cpu" -v b="$base" 'BEGIN { printf "%-12s %8.2f %8.2f %10.1f\n", n, w, c, w / b }'
done
