#include "app/version.h"

namespace layerscope {

std::string_view version()
{
    return LAYERSCOPE_VERSION;
}

} // namespace layerscope
