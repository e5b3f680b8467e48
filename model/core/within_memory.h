#pragma once

#include "model/core/result.h"

#include <new>
#include <stdexcept>

namespace layerscope {

/// `function()`, or OutOfMemory where it asks for more memory than there is. Sizes that a file
/// claims are checked where they are read; this is for what adds up, and for libraries.
template<class Function> auto withinMemory(Function function) -> decltype(function())
{
    try {
        return function();
    } catch (const std::bad_alloc&) {
    } catch (const std::length_error&) {
    }
    return Error(ErrorKind::OutOfMemory,
        "the file asks for more memory than there is; close other programs, or get a sound copy");
}

} // namespace layerscope
