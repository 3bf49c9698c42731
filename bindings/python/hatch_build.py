"""Puts the C library into the wheel: nothing else in it is compiled, so that it fits every version of Python 3."""

import os
import pathlib
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling for each wheel."""

    def initialize(self, version, build_data):
        """Adds the library that HAN_LIBRARY names."""
        library = os.environ.get("HAN_LIBRARY")
        if not library or not pathlib.Path(library).is_file():
            raise RuntimeError("HAN_LIBRARY must name the built libhan.so; run: make wheel")
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][os.path.realpath(library)] = "han_native/libhan.so"
