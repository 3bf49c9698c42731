#!/usr/bin/env bash
# Indexes the user's transcripts, or a generated sample if there are none, and says what to type next.
set -euo pipefail
sample=$1
han=(node node/bin/han.js)

has_transcripts() {
    [ -d "$1/projects" ] && [ -n "$(find -L "$1/projects" -name '*.jsonl' -print -quit 2> /dev/null)" ]
}

folders=("$HOME/.claude" "$HOME/.config/claude")
if [ -n "${CLAUDE_CONFIG_DIR:-}" ]; then
    IFS=',' read -r -a folders <<< "$CLAUDE_CONFIG_DIR"
fi
found=false
for folder in "${folders[@]}"; do
    # The command ignores the blanks around a name, too.
    folder="${folder#"${folder%%[![:space:]]*}"}"
    folder="${folder%"${folder##*[![:space:]]}"}"
    if has_transcripts "$folder"; then found=true; fi
done

if ! $found; then
    echo "No transcripts below ${folders[*]}: indexing a generated sample instead."
    make --no-print-directory sample
    # A folder of its own, since others may be allowed to write to the build's.
    han+=(--data-dir "$sample-data" --config-dir "$sample")
fi

"${han[@]}" index
echo
echo "Next:"
echo "  ${han[*]} sessions"
echo "  ${han[*]} search 'some words'"
echo "  ${han[*]} --help"
