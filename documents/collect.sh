# shellcheck shell=bash
# A folder that is gone again where collecting fails. Where it does not, it stays until it is handed in: a responder signs
# an address for each part once its bytes are known, so that nothing else can be handed in by it.
work_in() {
  ir_kit_work=$(mktemp -d "$1/ir-kit.XXXXXX") || fail "$1 can't be written to"
  trap 'rm -rf "$ir_kit_work"' EXIT
}

# One line a part, and one for the whole.
tell() {
  local file=$ir_kit_work/collected size offset=0 number=0 bytes
  size=$(stat -c %s "$file")
  while [ "$offset" -lt "$size" ]; do
    number=$((number + 1))
    bytes=$((size - offset < IR_KIT_PART_BYTES ? size - offset : IR_KIT_PART_BYTES))
    printf '{"part":%s,"bytes":%s,"sha256":"%s"}\n' "$number" "$bytes" "$(part_of "$file" "$offset" "$bytes" | sha256_of)"
    offset=$((offset + bytes))
  done
  printf '{"work":"%s","bytes":%s,"sha256":"%s"}\n' "$ir_kit_work" "$size" "$(sha256_of <"$file")"
  trap - EXIT
}
