//! The Node-API addon of han-native: converts, calls one method of the core, converts back.
//!
//! Inputs cross as JSON text, so that the same serde rules as in every other language refuse what is wrong; outputs cross as
//! objects made by serde from the structs of `han_native::model`. Nothing here knows SQL, paths or rules. What JavaScript
//! programs see is the hand-written `index.js` above it.

mod analytics;
mod coordinator;
mod failure;
mod handle;
mod indexing;
mod input;
mod lane;
mod logging;
mod lookups;
mod messages;
mod output;
mod promise;
mod queries;
mod sessions;
mod subscription;
mod upkeep;
mod vectors;
mod watcher;

// See the same line in `han_native::model`.
const _: Option<&str> = option_env!("NAPI_TYPE_DEF_TMP_FOLDER");
