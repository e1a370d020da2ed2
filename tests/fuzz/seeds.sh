#!/usr/bin/env bash
# Makes what the fuzz targets start from, with git: tests/fuzz/seeds.sh FOLDER
set -euo pipefail
folder=$1
fixtures=$(cd "$(dirname "$0")/../../fixtures" && pwd)
for target in archive check delta encoded index inventory license_text loose midx osv pack reftable report sarif store version; do mkdir -p "$folder/$target"; done
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
for who in AUTHOR COMMITTER; do
    export "GIT_${who}_NAME=Test" "GIT_${who}_EMAIL=test@test.invalid" "GIT_${who}_DATE=2026-04-01T08:00:00+0000"
done

# seed TARGET NAME FIRST-BYTES FILE: many targets are told by their first bytes what the rest is.
seed() { { printf '%b' "$3"; cat "$4"; } > "$folder/$1/$2"; }

for format in sha1 sha256; do
    repository=$place/$format
    bit=$([ "$format" = sha1 ] && echo 0 || echo 1)
    git init -q --object-format="$format" "$repository"
    cd "$repository"
    for number in 1 2 3 4; do
        seq 1 $((number * 20)) > numbers
        echo "text $number" > "text$number"
        git add -A
        git commit -qm "commit $number"
        git tag -am "tag $number" "t$number"
    done
    seed loose "$format" "\\00$bit" "$(find .git/objects -type f -name '??????????*' | sort | head -1)"
    git gc -q
    git multi-pack-index write
    pack=$(echo .git/objects/pack/*.pack)
    seed pack "$format" "\\00$((bit + 2))\\000" "$pack"
    seed index "$format-2" "\\00$bit" "${pack%.pack}.idx"
    seed midx "$format" "\\00$bit" .git/objects/pack/multi-pack-index
    git index-pack --index-version=1 -o "$place/$format.idx" "$pack" > "$place/out"
    seed index "$format-1" "\\00$bit" "$place/$format.idx"
    # Older versions of git have no reftables.
    if git init -q --object-format="$format" --ref-format=reftable "$place/$format-tables" 2> "$place/out"; then
        cd "$place/$format-tables"
        for number in 1 2 3; do git commit -q --allow-empty -m "commit $number"; git branch "b$number"; done
        git pack-refs --all
        for table in .git/reftable/*.ref; do seed reftable "$format" '\001' "$table"; done
    fi
done

cd "$place/sha1"
for kind in zip tar tgz; do git archive --format="$kind" -o "$folder/archive/files.$kind" HEAD; done
printf 'blob 5\0hello' > "$place/loose"
seed loose made '\001' "$place/loose"
printf 'abcdefgh\221\001\003\002xy\221\000\001' > "$place/delta"
seed delta made '\010\001' "$place/delta"
# shellcheck disable=SC2059 # the script is made of escapes, and of nothing else
{
  # Whole, with an index of each version, and damaged in the pack and in the index.
  script='\000\012abcdefghij\002\003\001\005\002\004\000\001\003\001\002\006\012\010\010\003xyz\006\002\001\001'
  printf '\000\000'"$script" > "$folder/pack/made"
  printf '\004\000'"$script" > "$folder/pack/made-1"
  printf '\020\000'"$script" > "$folder/pack/made-no-index"
  printf '\000\001\000\040\001'"$script" > "$folder/pack/made-bad-pack"
  printf '\010\001\004\040\001'"$script" > "$folder/pack/made-bad-index"
}
printf '\000\004x=y\ntext, more text.' > "$folder/encoded/plain"
printf '\001\004x=y%%20z Q0FOQVJZXzE2X0JBU0VfU0lYVFlGT1VS.' > "$folder/encoded/twice"
# What tools wrote, and what they get wrong, in small.
for tool in checkov semgrep trivy; do seed sarif "$tool" '\000' "$fixtures/sarif/$tool.sarif"; done
printf '\000{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"t","rules":[{"id":"a","properties":{"security-severity":"HIGH"}}]}},"results":[{"ruleId":"a","ruleIndex":0,"level":"none","message":{"id":"x","arguments":["y"]},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"git:a b","index":0},"region":{"startLine":3,"endLine":1}}}]}]}]}' > "$folder/sarif/made"
printf '\000{"runs":[{"tool":{"driver":{"name":"t"}},"artifacts":[{},{}],"results":[{}]}]}\036{"runs":[{"tool":{"driver":{"name":"t"}},"results":[{"message":"x"}]}]}' > "$folder/sarif/two"
# Small reports of every tool.
find "$fixtures/tools" -type f -size -4k ! -name recording.toml | while read -r file; do
    name=${file#"$fixtures/tools/"}
    cp "$file" "$folder/report/${name//\//-}"
done
# Small lists of dependencies, behind the byte that says that a path follows, and the path, which tells the format.
find "$fixtures/packages" -type f -size -8k ! -name expected.snap | while read -r file; do
    name=${file#"$fixtures/packages/"}
    seed inventory "${name//\//-}" "\\0377${file##*/}\\n" "$file"
done
# What private keys begin with in each format, and tokens with a structure, behind the byte that says which it is.
printf '\200\060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040abcdefghijklmnopqrstuvwxyz012345' > "$folder/check/pkcs8"
printf '\201\060\033\002\001\000\002\001\017\002\001\003\002\001\003\002\001\005\002\001\003\002\001\001\002\001\001\002\001\001' > "$folder/check/rsa"
printf '\203openssh-key-v1\000\000\000\000\004none\000\000\000\004none\000\000\000\000\000\000\000\001\000\000\000\017\000\000\000\013ssh-ed25519' > "$folder/check/openssh"
printf '\204\225\000\070\004\123\363\137\013\026\011\053\006\001\004\001\332\107\017\001\001\007\100' > "$folder/check/pgp"
printf '\205PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00' > "$folder/check/putty"
for kind in $(seq 0 23); do
    for text in eyJhIjoxfQ.eyJhIjoxfQ.AAAA pypi-AgEIcHlwaS5vcmcAAAYg sntrys_eyJpYXQiOjF9_AAAA AKIAQAAAAAAAAAAAAAAA; do
        { printf '%b' "\\0$(printf %o "$kind")"; printf %s "$text"; } > "$folder/check/$kind-${text:0:4}"
    done
done
# Names, expressions, tags and notices of licenses, and the texts that are here.
printf 'GPL v2 or (at your option) any later version, MIT / BSD-like' > "$folder/license_text/names"
printf '(MIT OR GPL-2.0+ WITH Classpath-exception-2.0) AND LicenseRef-x' > "$folder/license_text/expression"
printf '// SPDX-License-Identifier: MIT OR Apache-2.0\nunder the terms of the GNU GPL v2+' > "$folder/license_text/tag"
find "$fixtures/.." -maxdepth 1 -name 'LICENSE*' -exec cp {} "$folder/license_text/" ';'
# Versions and a requirement as ecosystems write them, for every scheme.
for kind in $(seq 0 25); do
    printf '%b1.0.0-rc.1+2\n1.0rc1.post2.dev3\n^1.2 || ~> 1.2.3, <2' "\\0$(printf %o "$kind")" > "$folder/version/$kind-list"
    printf '%b1:1.2~b_p1-r3\n1.2-alpha-1.x\n[1.0,2.*)' "\\0$(printf %o "$kind")" > "$folder/version/$kind-range"
done
# A record of each kind, and what is in the binary as a store where there is one to make it.
printf '\000{"id":"GHSA-35jh-r3h4-6jhm","aliases":["CVE-2021-23337"],"affected":[{"package":{"ecosystem":"npm","name":"lodash"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"4.17.21"}]}],"versions":["1.0.0"]}]}' > "$folder/osv/json"
printf '\001id: PYSEC-2026-1\naffected:\n- package: {ecosystem: PyPI, name: a}\n  versions: ["1.0"]\n' > "$folder/osv/yaml"
seed osv markdown '\002' "$fixtures/../rules/advisories/RUSTSEC-2020-0071.md"
printf '\003{"vulnerabilities":[{"cveID":"CVE-2021-44228","dateAdded":"2021-12-10"}]}' > "$folder/osv/kev"
printf '\004cve,epss,percentile\nCVE-2021-44228,0.9,0.9\n' > "$folder/osv/epss"
printf '\005gem: a\ncve: 2026-1\ntitle: x\npatched_versions: ["~> 1.2.3", ">= 2"]\n' > "$folder/osv/rubysec"
printf '\006title: x\nbranches: {1.x: {time: ~, versions: [">=1.0", "<1.2"]}}\nreference: composer://a/b\n' > "$folder/osv/friends"
tail -c +2 "$folder/osv/json" > "$place/record.json"
if command -v "${SCANALL:-scanall}" > "$place/out"; then
    "${SCANALL:-scanall}" db build -o "$folder/store/made" "$place/record.json" > "$place/out"
fi
