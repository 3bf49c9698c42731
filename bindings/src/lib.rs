//! The Node-API addon of han-native: converts, calls one operation of the core, converts back.
//!
//! Operations are called by their names in the core's table. Inputs cross as JSON text, so that the same serde rules as in every
//! other language refuse what is wrong; outputs cross as objects made by serde from the structs of `han_native::model`. Nothing
//! here knows SQL, paths or rules. What JavaScript programs see is the package's own JavaScript above it.

mod call;
mod failure;
mod handle;
mod lane;
mod logging;
mod output;
mod promise;
mod subscription;
mod vectors;
