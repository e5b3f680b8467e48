#include "app/window/format_choice.h"

#include "model/formats/format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace layerscope::app {

namespace {

class FormatText
{
    Q_DECLARE_TR_FUNCTIONS(FormatText)
};

QString toText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString titleOf(const formats::ModelFormat& format)
{
    return QCoreApplication::translate("formats", std::string(format.title).c_str());
}

/// What is known of the FORMAT names; titles are looked up when they are shown, in the language of
/// then.
QList<FormatChoice> knownFormats()
{
    const QString keras3 = FormatText::tr("Keras 3");
    const QString keras2 = FormatText::tr("Keras 2.11 to 2.15");
    const QString older = FormatText::tr("Keras up to 2.10");
    const QString tensorflow = FormatText::tr("TensorFlow");
    const QString others = FormatText::tr("Arrays alone");
    return {
        { keras3, QStringLiteral("keras"), FormatText::tr("Keras archive, for Keras 3"),
            QStringLiteral(".keras"), true, true },
        { keras3, QStringLiteral("h5"), FormatText::tr("HDF5, for Keras 3"), QStringLiteral(".h5"),
            true, true },
        { keras3, QStringLiteral("weights.h5"), FormatText::tr("HDF5 weights, for Keras 3"),
            QStringLiteral(".weights.h5"), false, true },
        { keras3, QStringLiteral("weights.json"),
            FormatText::tr("HDF5 weights in several files, for Keras 3"),
            QStringLiteral(".weights.json"), false, true },
        { keras2, QStringLiteral("keras2.15"),
            FormatText::tr("Keras archive, for Keras 2.13 to 2.15"), QStringLiteral(".keras"), true,
            true },
        { keras2, QStringLiteral("h5-keras2"), FormatText::tr("HDF5, for Keras 2.11 to 2.15"),
            QStringLiteral(".h5"), true, true },
        { keras2, QStringLiteral("weights.h5-keras2"),
            FormatText::tr("HDF5 weights, for Keras 2.13 to 2.15"), QStringLiteral(".weights.h5"),
            false, true },
        { older, QStringLiteral("h5-legacy"), FormatText::tr("HDF5, for Keras up to 2.10"),
            QStringLiteral(".h5"), true, true },
        { tensorflow, QStringLiteral("savedmodel"), FormatText::tr("TensorFlow SavedModel"),
            QString(), true, true },
        { tensorflow, QStringLiteral("checkpoint"), FormatText::tr("TensorFlow checkpoint"),
            QString(), false, true },
        { others, QStringLiteral("h5-weights"), FormatText::tr("HDF5 weights, for every Keras"),
            QStringLiteral(".h5"), false, false },
        { others, QStringLiteral("npz"), FormatText::tr("NumPy arrays"), QStringLiteral(".npz"),
            false, true },
        { others, QStringLiteral("safetensors"), FormatText::tr("Safetensors"),
            QStringLiteral(".safetensors"), false, true },
    };
}

} // namespace

QList<FormatChoice> writableFormats()
{
    QStringList writable;
    for (const formats::ModelFormat* format : formats::allFormats())
        if (format->write)
            for (const std::string_view name : format->names)
                writable.append(toText(name));
    QList<FormatChoice> found;
    for (const FormatChoice& choice : knownFormats())
        if (writable.contains(choice.name))
            found.append(choice);
    return found;
}

QString remarkOn(const FormatChoice& format, const Network& network, bool withOptimizer)
{
    const bool hasOptimizer = withOptimizer && network.optimizer && format.canHoldOptimizer;
    if (hasOptimizer && format.name == QLatin1String("h5"))
        return FormatText::tr(
            "Keras 3 opens this file but drops the optimizer state of every .h5, without a word. "
            "Keras 2.11 to 2.15 resumes from an .h5 in its own dialect.");
    if (hasOptimizer && format.name == QLatin1String("savedmodel"))
        return FormatText::tr(
            "load_model brings the optimizer back from this folder, slots and step count, which "
            "it does not from a SavedModel that Keras itself wrote.");
    QStringList remarks;
    if (!format.holdsModel && hasOptimizer)
        remarks.append(
            FormatText::tr("The optimizer state goes along: most of the bytes are not weights."));
    if (format.suffix == QLatin1String(".weights.h5"))
        remarks.append(FormatText::tr("Keras asks for a name that ends in .weights.h5."));
    return remarks.join(QLatin1Char(' '));
}

QString openableFormats()
{
    QStringList parts;
    for (const formats::ModelFormat* format : formats::allFormats()) {
        QStringList suffixes;
        for (const std::string_view pattern : format->patterns)
            suffixes.append(toText(pattern).remove(u'*'));
        const QString title = titleOf(*format);
        parts.append(suffixes.isEmpty() ? title
                                        : title + QLatin1String(" (")
                    + suffixes.join(QLatin1String(", ")) + QLatin1Char(')'));
    }
    return parts.join(QLatin1String(", "));
}

QString openFilters()
{
    QStringList all;
    QStringList single;
    for (const formats::ModelFormat* format : formats::allFormats()) {
        QStringList patterns;
        for (const std::string_view pattern : format->patterns)
            patterns.append(toText(pattern));
        if (patterns.isEmpty())
            continue;
        all += patterns;
        single.append(
            titleOf(*format) + QLatin1String(" (") + patterns.join(u' ') + QLatin1Char(')'));
    }
    all.removeDuplicates();
    QStringList filters{ FormatText::tr("Models (%1)").arg(all.join(u' ')) };
    filters += single;
    filters.append(FormatText::tr("All files (*)"));
    return filters.join(QLatin1String(";;"));
}

QString formatChoiceTitle(const QString& name)
{
    const QList<FormatChoice> known = knownFormats();
    const auto place = std::find_if(known.begin(), known.end(),
        [&](const FormatChoice& choice) { return choice.name == name; });
    return place == known.end() ? name : place->title;
}

} // namespace layerscope::app
