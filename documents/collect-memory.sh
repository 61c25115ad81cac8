# shellcheck shell=bash
# What the machine's memory holds, by a tool that is fetched from the tools bucket and is what the landscape pins. It is
# written to the disk: preserve the volumes first.
#
# Before this text stand IR_KIT_TOOL_URL, IR_KIT_PART_BYTES, IR_KIT_FOLDER and the pinned IR_KIT_SHA256_ARM64 and
# IR_KIT_SHA256_X86_64, which are empty where none is pinned.

pinned_for() {
  case $1 in
    aarch64) printf '%s' "$IR_KIT_SHA256_ARM64" ;;
    x86_64) printf '%s' "$IR_KIT_SHA256_X86_64" ;;
  esac
}

# Kilobytes of memory.
memory_of() {
  awk '/^MemTotal:/ { print $2 }' "${IR_KIT_MEMINFO:-/proc/meminfo}"
}

# As much free space as there is memory, and a tenth more for what the format adds.
must_fit() {
  local memory free
  memory=$(memory_of)
  free=$(df --output=avail -k "$1" | tail -n 1 | tr -d ' ')
  [ "$free" -gt $((memory + memory / 10)) ] || fail "$1 has $free kB left and memory has $memory kB"
}

fetch_tool() {
  local sha256=$1 tool=$2
  curl --fail --silent --show-error --max-time 300 --output "$tool" "$IR_KIT_TOOL_URL" || fail "the tool was not had"
  printf '%s  %s\n' "$sha256" "$tool" | sha256sum --check --status || fail "the tool is not the one that is pinned"
  chmod 700 "$tool"
}

# AVML names its command since 0.19.
acquire() {
  local help
  help=$("$1" --help 2>&1)
  case $help in
    *acquire*) "$1" acquire "$2" ;;
    *) "$1" "$2" ;;
  esac
}

collect_memory() {
  local sha256 file
  have awk curl dd df sha256sum stat
  sha256=$(pinned_for "$(uname -m)")
  [ -n "$sha256" ] || fail "no tool is pinned for $(uname -m) (forensics.tools, memory)"
  work_in "$IR_KIT_FOLDER"
  file=$ir_kit_work/collected
  must_fit "$ir_kit_work"
  fetch_tool "$sha256" "$ir_kit_work/tool"
  acquire "$ir_kit_work/tool" "$file" >&2 || fail "the tool could not read memory (kernel lockdown?)"
  rm -f "$ir_kit_work/tool"
  [ "$(($(stat -c %s "$file") / 1024))" -ge "$(memory_of)" ] || fail "the tool gave less than there is memory"
  tell
}
