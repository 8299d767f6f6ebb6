// The only two operations that change what is installed. Each takes effect by
// one rename(2): whoever looks, or is killed, at any instant finds the function
// as it was before or as it is after.
//
// Both hold the lock on functions/ while they rename, a few milliseconds; a lock
// for each function would have to live somewhere that a removal deletes.
#pragma once

#include <string>

#include "base/result.h"
#include "store/home.h"
#include "store/staging.h"

namespace fw::store {

// Makes staging.version_folder() the current version of the function, durably,
// and moves versions older than the one before it into the staging folder. On
// failure the former version goes on serving.
Status publish(const Home& home, const Staging& staging);

// kNotFound when there is no such function, naming the nearest one there is. An
// install in progress is not affected.
Status remove_function(const Home& home, const std::string& name);

}  // namespace fw::store
