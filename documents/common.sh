# shellcheck shell=bash
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

sha256_of() {
  sha256sum | cut -d ' ' -f 1
}
