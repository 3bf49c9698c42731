//! Configures the linker for Node-API.

fn main() {
    napi_build::setup();
}
