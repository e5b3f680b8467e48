#include "app/window/window_options.h"

#include <QRegularExpression>

namespace layerscope::app {

namespace {

Error wrong(const QString& sentence)
{
    return { ErrorKind::InvalidArgument, sentence.toStdString() };
}

Result<void> apply(WindowOptions& options, const QString& option, const QString& value)
{
    static const QRegularExpression size(QStringLiteral("^(\\d{2,5})x(\\d{2,5})$"));
    if (option == QLatin1String("--language")) {
        if (value != QLatin1String("en") && value != QLatin1String("pt_BR"))
            return wrong(QStringLiteral("--language is en or pt_BR, not '%1'").arg(value));
        options.language = value;
    } else if (option == QLatin1String("--theme")) {
        if (value != QLatin1String("light") && value != QLatin1String("dark"))
            return wrong(QStringLiteral("--theme is light or dark, not '%1'").arg(value));
        options.theme = value == QLatin1String("dark") ? Theme::Dark : Theme::Light;
    } else if (option == QLatin1String("--screenshot")) {
        options.screenshot = value;
    } else if (option == QLatin1String("--tab")) {
        if (value != QLatin1String("weights") && value != QLatin1String("training")
            && value != QLatin1String("doctor"))
            return wrong(
                QStringLiteral("--tab is weights, training or doctor, not '%1'").arg(value));
        options.tab = value;
    } else if (option == QLatin1String("--layer")) {
        options.layer = value;
    } else if (option == QLatin1String("--data")) {
        options.data = value;
    } else if (option == QLatin1String("--epochs")) {
        options.epochs = value.toInt();
        if (options.epochs < 1)
            return wrong(QStringLiteral("--epochs is a number from 1, not '%1'").arg(value));
    } else if (option == QLatin1String("--size")) {
        const QRegularExpressionMatch match = size.match(value);
        if (!match.hasMatch())
            return wrong(QStringLiteral("--size is WIDTHxHEIGHT, not '%1'").arg(value));
        options.size = { match.captured(1).toInt(), match.captured(2).toInt() };
    } else {
        return wrong(QStringLiteral("there is no option %1").arg(option));
    }
    return {};
}

} // namespace

Result<WindowOptions> parseWindowOptions(const QStringList& arguments)
{
    WindowOptions options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& argument = arguments[i];
        if (!argument.startsWith(QLatin1String("--"))) {
            options.files.append(argument);
        } else if (argument == QLatin1String("--time-open")) {
            options.timeOpen = true;
        } else if (i + 1 >= arguments.size()) {
            return wrong(QStringLiteral("%1 needs a value").arg(argument));
        } else {
            TRY_DO(apply(options, argument, arguments[++i]));
        }
    }
    if (options.timeOpen && options.files.size() != 1)
        return wrong(QStringLiteral("--time-open needs one file"));
    return options;
}

} // namespace layerscope::app
