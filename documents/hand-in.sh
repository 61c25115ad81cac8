# shellcheck shell=bash
# Hands in what was collected, by addresses that are signed for one piece of evidence and its SHA-256 each, and for a short
# time: the machine has no permission of its own there, and S3 takes nothing but those bytes. What is handed in to the
# end is removed from the machine.
#
# Before this text stand IR_KIT_WORK, IR_KIT_URLS, IR_KIT_PART_BYTES and IR_KIT_FIRST_PART.

lines_of() {
  printf '%s' "$1" | tr ',' '\n'
  printf '\n'
}

# A hexadecimal digest as S3 writes it.
base64_of() {
  printf '%b' "$(printf '%s' "$1" | sed 's/../\\x&/g')" | base64
}

hand_in() {
  local file=$IR_KIT_WORK/collected size offset number url bytes digest
  have base64 curl dd sed sha256sum stat
  [ -f "$file" ] || fail "there is nothing in $IR_KIT_WORK"
  size=$(stat -c %s "$file")
  number=$IR_KIT_FIRST_PART
  offset=$(((number - 1) * IR_KIT_PART_BYTES))
  while read -r url; do
    [ -n "$url" ] || continue
    [ "$offset" -lt "$size" ] || fail "there is no part $number"
    bytes=$((size - offset < IR_KIT_PART_BYTES ? size - offset : IR_KIT_PART_BYTES))
    digest=$(part_of "$file" "$offset" "$bytes" | sha256_of)
    part_of "$file" "$offset" "$bytes" |
      curl --fail --silent --show-error --max-time 3600 --upload-file - --output /dev/null \
        --header 'Transfer-Encoding:' --header 'Content-Type:' --header "Content-Length: $bytes" \
        --header "x-amz-checksum-sha256: $(base64_of "$digest")" "$url" || fail "part $number was not taken"
    printf '{"part":%s,"bytes":%s,"sha256":"%s"}\n' "$number" "$bytes" "$digest"
    number=$((number + 1))
    offset=$((offset + bytes))
  done < <(lines_of "$IR_KIT_URLS")
  printf '{"left":%s}\n' "$((size - offset))"
  [ "$offset" -lt "$size" ] || rm -rf "$IR_KIT_WORK"
}
