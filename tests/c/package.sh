#!/bin/sh
# The installed tree: its files, what they export, and programs built with it alone. Arguments: the prefix, a folder for output.
set -u
prefix=$1
out=$2
passed=0
failed=0

check() {
    what=$1
    shift
    if "$@" >"$out/package.log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "package.sh: $what" >&2
        cat "$out/package.log" >&2
    fi
}

package() { PKG_CONFIG_PATH="$1/lib/pkgconfig" "${PKG_CONFIG:-pkg-config}" "$2" han; }
compile() { ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror "$@"; }

foreign_symbols_of_shared() { ! nm -D --defined-only --format=posix "$prefix/lib/libhan.so" | grep -v '^han_'; }
foreign_symbols_of_static() { ! nm -g --defined-only --format=posix "$prefix/lib/libhan.a" | grep ' ' | grep -v '^han_'; }
exported() { nm "$@" --defined-only --format=posix | sed -n 's/^\(han_[a-z0-9_]*\) .*/\1/p' | sort; }
declared() { sed -n 's/^[a-z].*[ *]\(han_[a-z0-9_]*\)(.*/\1/p' "$prefix/include/han.h" | grep -v _callback_t | sort; }
exports_are_the_header() {
    declared >"$out/declared"
    [ "$(wc -l <"$out/declared")" -ge 75 ] || return 1
    exported -D "$prefix/lib/libhan.so" | diff "$out/declared" - && exported -g "$prefix/lib/libhan.a" | diff "$out/declared" -
}
# What it lists is JSON, each operation has its function, and all other functions have a known purpose: they open, follow, or are generic.
lists_its_operations() {
    python3 - "$prefix/lib/libhan.so" "$out/declared" <<'END'
import ctypes, json, re, sys

library = ctypes.CDLL(sys.argv[1])
library.han_operations.restype = ctypes.c_char_p
listed = json.loads(library.han_operations())
assert set(listed) == {"operations", "$defs"}, sorted(listed)
operations = listed["operations"]
fields = {"name", "kind", "isCancellable", "hasProgress", "leading", "form", "parameters", "result"}
assert all(fields <= set(operation) for operation in operations)
names = [operation["name"] for operation in operations]
assert len(set(names)) == len(names) >= 49
functions = {"han_" + re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), name).replace(".", "_") for name in names}
references = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(listed)))
assert references <= set(listed["$defs"]), references - set(listed["$defs"])
others = set(open(sys.argv[2]).read().split()) - functions
assert functions <= set(open(sys.argv[2]).read().split())
by_hand = r"han_((open|close|free|(abi_)?version|code_name|operations|index_vectors|register_embedder|subscribe|on_change)$|(error|buf|call|cancellation|subscription)(_|$))"
assert all(re.match(by_hand, name) for name in others), others
END
}
abi() { sed -n 's/^#define HAN_ABI_VERSION //p' "$prefix/include/han.h"; }
soname_is_the_abi() { readelf -d "$prefix/lib/libhan.so" | grep -F "soname: [libhan.so.$(abi)]"; }
version_is_the_header() { [ "\"$(package "$prefix" --modversion)\"" = "$(sed -n 's/^#define HAN_VERSION //p' "$prefix/include/han.h")" ]; }

check "libhan.so exports a symbol that is not ours" foreign_symbols_of_shared
check "libhan.a exports a symbol that is not ours" foreign_symbols_of_static
check "the exports are not those of the header" exports_are_the_header
check "han_operations() does not list what the header declares" lists_its_operations
check "the SONAME is not libhan.so.$(abi)" soname_is_the_abi
check "han.pc has another version than han.h" version_is_the_header

# A transcript of its own home, which the example finds by itself.
home="$out/home"
rm -rf "$home" && mkdir -p "$home/.claude/projects/-home-ada-garden"
session="$home/.claude/projects/-home-ada-garden/5b1e7a52-0c3d-4f7e-9a86-2f6d1c0b9e11.jsonl"
echo '{"type":"user","timestamp":"2026-01-05T10:00:00.000Z","message":{"role":"user","content":"Water the tomatoes"}}' >"$session"

run_example() {
    (unset CLAUDE_CONFIG_DIR HAN_DATA_DIR && HOME="$home" "$@" '{"query": "tomatoes"}') >"$out/example.out" || return 1
    grep -F '"messagesIndexed":' "$out/example.out" && grep -F 'Water the tomatoes' "$out/example.out"
}

check "the example does not compile with pkg-config" \
    compile example.c -o "$out/example" $(package "$prefix" --cflags) $(package "$prefix" --libs)
check "the example does not run" run_example env LD_LIBRARY_PATH="$prefix/lib" "$out/example"

# The tree moved as a whole must work from its new place.
moved="$out/moved"
rm -rf "$moved" && cp -a "$prefix" "$moved"
check "the example does not compile in a moved tree" \
    compile example.c -o "$out/example-moved" $(package "$moved" --cflags) $(package "$moved" --libs) "-Wl,-rpath,$moved/lib"
check "the example does not run in a moved tree" run_example "$out/example-moved"

# A name that the shell would split. The environment is that of the first build, or SQLite would be built again.
blank="$out/a prefix"
rm -rf "$blank"
install_into() { env -u MAKEFLAGS -u CC -u PKG_CONFIG "${MAKE:-make}" --no-print-directory -C ../../han-ffi install DESTDIR= PREFIX="$1"; }
check "nothing is installed below a folder with a blank in its name" install_into "$blank"
check "something of it is installed elsewhere" diff -r "$prefix" "$blank"

static_libs=$(PKG_CONFIG_PATH="$prefix/lib/pkgconfig" "${PKG_CONFIG:-pkg-config}" --static --libs-only-l han | sed 's/-lhan//')
check "the example does not link statically" \
    compile example.c -o "$out/example-static" $(package "$prefix" --cflags) "$prefix/lib/libhan.a" $static_libs
check "the static example does not run" run_example "$out/example-static"
check "a program with its own SQLite does not link" \
    compile own_sqlite.c -o "$out/own-sqlite" $(package "$prefix" --cflags) "$prefix/lib/libhan.a" $static_libs
check "a program and the library share SQLite or zstd" "$out/own-sqlite" "$session"

echo "package: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
