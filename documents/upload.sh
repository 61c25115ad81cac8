# shellcheck shell=bash
# Hands in a file by addresses that are signed for one piece of evidence each, and for a short time: the machine has no
# permission of its own there. S3 compares each part's MD5 with what arrives.

fail() {
  printf '{"failed":"%s"}\n' "$1"
  exit 1
}

have() {
  local command
  for command in "$@"; do
    command -v "$command" >/dev/null || fail "this machine has no $command"
  done
}

# Bytes of a file from an offset on.
part_of() {
  dd if="$1" bs=1M skip="$2" count="$3" iflag=skip_bytes,count_bytes,fullblock status=none
}

# A folder that is gone when the script ends: what is collected is evidence in the bucket, and only a trace here.
work_in() {
  ir_kit_work=$(mktemp -d "$1/ir-kit.XXXXXX") || fail "$1 can't be written to"
  trap 'rm -rf "$ir_kit_work"' EXIT
}

# One line a part: number, bytes and MD5, which is the part's ETag, by which the responder completes the upload.
hand_in() {
  local file=$1 part_bytes=$2 urls=$3 size offset=0 number=0 url bytes digest
  size=$(stat -c %s "$file")
  while read -r url; do
    [ -n "$url" ] || continue
    [ "$offset" -lt "$size" ] || break
    number=$((number + 1))
    bytes=$((size - offset < part_bytes ? size - offset : part_bytes))
    digest=$(part_of "$file" "$offset" "$bytes" | md5sum | cut -d ' ' -f 1)
    part_of "$file" "$offset" "$bytes" |
      curl --fail --silent --show-error --retry 0 --max-time 3600 --upload-file - \
        --header 'Transfer-Encoding:' --header "Content-Length: $bytes" \
        --header "Content-MD5: $(printf '%b' "$(printf '%s' "$digest" | sed 's/../\\x&/g')" | base64)" \
        --header 'Content-Type:' --output /dev/null "$url" || fail "part $number was not taken"
    printf '{"part":%s,"bytes":%s,"md5":"%s"}\n' "$number" "$bytes" "$digest"
    offset=$((offset + bytes))
  done <<<"$urls"
  [ "$offset" -ge "$size" ] || fail "$size bytes are more than $number parts of $part_bytes"
  printf '{"whole":"%s","bytes":%s,"sha256":"%s"}\n' "${file##*/}" "$size" "$(sha256sum "$file" | cut -d ' ' -f 1)"
}

lines_of() {
  printf '%s' "$1" | tr ',' '\n'
  printf '\n'
}
