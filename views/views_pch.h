// Precompiled for views/ and app/: Qt Widgets and what model/ speaks.
#pragma once

#include <QtWidgets>

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
