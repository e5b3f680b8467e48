#include "views/layer_category.h"

#include <QFont>
#include <QIconEngine>
#include <QPainter>

#include <array>

namespace layerscope::views {

namespace {

struct Rule
{
    std::string_view part; ///< of the class name
    LayerCategory category;
};

/// The first part that occurs in the class name decides, so that special words come before general
/// ones ("Conv2DTranspose" is a layer, "GlobalMaxPooling1D" a pooling, "LayerNormalization" no
/// layer).
constexpr std::array rules{
    Rule{ "Input", LayerCategory::Input },
    Rule{ "Attention", LayerCategory::Attention },
    Rule{ "Normalization", LayerCategory::Normalization },
    Rule{ "Pool", LayerCategory::Pooling },
    Rule{ "Dropout", LayerCategory::Dropout },
    Rule{ "Noise", LayerCategory::Dropout },
    Rule{ "Random", LayerCategory::Dropout },
    Rule{ "Regularization", LayerCategory::Dropout },
    Rule{ "Embedding", LayerCategory::Transform },
    Rule{ "Rescaling", LayerCategory::Transform },
    Rule{ "Resizing", LayerCategory::Transform },
    Rule{ "Crop", LayerCategory::Tensor },
    Rule{ "Encoding", LayerCategory::Transform },
    Rule{ "Lookup", LayerCategory::Transform },
    Rule{ "Vectorization", LayerCategory::Transform },
    Rule{ "Discretization", LayerCategory::Transform },
    Rule{ "Hashing", LayerCategory::Transform },
    Rule{ "Flatten", LayerCategory::Shape },
    Rule{ "Reshape", LayerCategory::Shape },
    Rule{ "Permute", LayerCategory::Shape },
    Rule{ "RepeatVector", LayerCategory::Shape },
    Rule{ "UpSampling", LayerCategory::Shape },
    Rule{ "Padding", LayerCategory::Tensor },
    Rule{ "Masking", LayerCategory::Tensor },
    Rule{ "Concatenate", LayerCategory::Tensor },
    Rule{ "Conv", LayerCategory::Layer },
    Rule{ "Dense", LayerCategory::Layer },
    Rule{ "LSTM", LayerCategory::Layer },
    Rule{ "GRU", LayerCategory::Layer },
    Rule{ "RNN", LayerCategory::Layer },
    Rule{ "Bidirectional", LayerCategory::Layer },
    Rule{ "TimeDistributed", LayerCategory::Layer },
    Rule{ "LocallyConnected", LayerCategory::Layer },
    Rule{ "Activation", LayerCategory::Activation },
    Rule{ "ReLU", LayerCategory::Activation },
    Rule{ "ELU", LayerCategory::Activation },
    Rule{ "Softmax", LayerCategory::Activation },
    Rule{ "Lambda", LayerCategory::Operation },
};

constexpr std::array mergingLayers{ std::string_view("Add"), std::string_view("Subtract"),
    std::string_view("Multiply"), std::string_view("Average"), std::string_view("Maximum"),
    std::string_view("Minimum"), std::string_view("Dot"), std::string_view("Merge") };

QChar letterOf(LayerCategory category)
{
    switch (category) {
    case LayerCategory::Model:
        return u'M';
    case LayerCategory::Input:
        return u'I';
    case LayerCategory::Layer:
        return u'L';
    case LayerCategory::Activation:
        return u'A';
    case LayerCategory::Pooling:
        return u'P';
    case LayerCategory::Normalization:
        return u'N';
    case LayerCategory::Dropout:
        return u'D';
    case LayerCategory::Shape:
        return u'S';
    case LayerCategory::Tensor:
        return u'T';
    case LayerCategory::Transform:
        return u'F';
    case LayerCategory::Attention:
        return u'Q';
    case LayerCategory::Operation:
        return u'O';
    case LayerCategory::Other:
        break;
    }
    return u'?';
}

/// Painted when it is needed, in whatever size and resolution the screen has.
class CategoryIconEngine : public QIconEngine
{
public:
    explicit CategoryIconEngine(LayerCategory category)
        : m_category(category)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override
    {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const qreal side = std::min(rect.width(), rect.height());
        const QRectF square = QRectF(rect).adjusted(1, 1, -1, -1);
        painter->setPen(Qt::NoPen);
        painter->setBrush(categoryColor(m_category));
        painter->drawRoundedRect(square, side * 0.2, side * 0.2);
        QFont font = painter->font();
        font.setPixelSize(std::max(6, static_cast<int>(side * 0.62)));
        font.setBold(true);
        painter->setFont(font);
        painter->setPen(Qt::white);
        painter->drawText(square, Qt::AlignCenter, QString(letterOf(m_category)));
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap picture(size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return picture;
    }

    QIconEngine* clone() const override { return new CategoryIconEngine(m_category); }

private:
    LayerCategory m_category;
};

} // namespace

LayerCategory categoryOf(const Layer& layer)
{
    if (layer.isModel())
        return LayerCategory::Model;
    if (layer.kind == LayerKind::Operation || layer.className.starts_with("TFOp"))
        return LayerCategory::Operation;
    for (const std::string_view merging : mergingLayers)
        if (layer.className == merging)
            return LayerCategory::Tensor;
    for (const Rule& rule : rules)
        if (layer.className.find(rule.part) != std::string::npos)
            return rule.category;
    return LayerCategory::Other;
}

QColor categoryColor(LayerCategory category)
{
    switch (category) {
    case LayerCategory::Model:
        return { 72, 82, 96 };
    case LayerCategory::Input:
        return { 96, 96, 96 };
    case LayerCategory::Layer:
        return { 51, 96, 168 };
    case LayerCategory::Activation:
        return { 138, 48, 36 };
    case LayerCategory::Pooling:
        return { 51, 112, 51 };
    case LayerCategory::Normalization:
        return { 24, 112, 92 };
    case LayerCategory::Dropout:
        return { 92, 84, 150 };
    case LayerCategory::Shape:
        return { 124, 88, 72 };
    case LayerCategory::Tensor:
        return { 108, 78, 60 };
    case LayerCategory::Transform:
        return { 40, 106, 124 };
    case LayerCategory::Attention:
        return { 142, 78, 8 };
    case LayerCategory::Operation:
        return { 84, 84, 108 };
    case LayerCategory::Other:
        break;
    }
    return { 88, 88, 88 };
}

QIcon categoryIcon(LayerCategory category)
{
    static std::map<LayerCategory, QIcon> icons;
    auto found = icons.find(category);
    if (found == icons.end())
        found = icons.emplace(category, QIcon(new CategoryIconEngine(category))).first;
    return found->second;
}

} // namespace layerscope::views
