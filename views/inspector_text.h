#pragma once

#include <QCoreApplication>

namespace layerscope::views {

/// What translators see the inspector's texts under.
class InspectorText
{
    Q_DECLARE_TR_FUNCTIONS(InspectorText)
};

} // namespace layerscope::views
